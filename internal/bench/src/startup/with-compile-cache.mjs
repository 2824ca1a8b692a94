// The recipe of docs/bundles.md: `with-compile-cache.mjs <program> <folder>` starts a program whose compiled code is
// kept in a folder.
import { enableCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , program, folder] = process.argv;
enableCompileCache(folder);
await import(pathToFileURL(program).href);
