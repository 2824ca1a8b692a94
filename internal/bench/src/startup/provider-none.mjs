import { run } from './provider-program.mjs';

await run({ kind: 'none' });
