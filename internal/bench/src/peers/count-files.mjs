// Preloaded: prints at the end how many files the program has read.
import { registerHooks } from 'node:module';

let files = 0;
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) files += 1;
    return next(url, context);
  },
});
process.on('exit', () => console.log(`\n@@${JSON.stringify({ files })}`));
