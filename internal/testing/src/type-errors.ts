import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childLimits } from './child-process.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Compiles a folder that has a `tsconfig.json`, and gives the files with errors: names in `src` folders, sorted. */
export async function filesWithTypeErrors(folder: string): Promise<readonly string[]> {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const run = promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    ...childLimits,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const { stdout } = await run.catch((failure: { readonly stdout: string }) => failure);
  return [...new Set([...stdout.matchAll(/([\w-]+\.ts)\(\d+,\d+\): error/g)].map(([, name = '']) => name))].sort();
}
