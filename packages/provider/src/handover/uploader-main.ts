// Started detached, with a payload at descriptor 0. Its output goes nowhere.
import { runUploader } from '../uploader.ts';

runUploader().then(
  () => process.exit(0),
  () => process.exit(1),
);
