// Started detached, with a payload at descriptor 0. Nobody reads what it would print.
import { runUploader } from './uploader.ts';

runUploader().then(
  () => process.exit(0),
  () => process.exit(1),
);
