// A start up to the first record of each signal, and no further; prints what it has read by then.
import { registerHooks } from 'node:module';

const read = [];
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (resolved.url.startsWith('node:')) read.push(resolved.url);
    return resolved;
  },
  load(url, context, next) {
    if (url.startsWith('file:')) read.push(url);
    return next(url, context);
  },
});

const [program, kind] = process.argv.slice(2);
const { start } = await import(program);
await start(kind);
console.log(JSON.stringify(read));
// What loads in a later turn does not belong to the start.
process.exit(0);
