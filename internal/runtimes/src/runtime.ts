import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Ending } from './agent-run.ts';
import { endings } from './agent-run.ts';

/** How an agent is started on a runtime. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /** The arguments before the program's file. */
  readonly command: readonly string[];
}

/** The runtimes of this machine; a package of a runtime that could not be installed is absent. */
export function presentRuntimes(): readonly Runtime[] {
  return [
    { name: 'Node', version: process.version.slice(1), command: [process.execPath] },
    ...runtimeOf('Bun', 'bun', 'bin/bun.exe', []),
    ...runtimeOf('Deno', 'deno', process.platform === 'win32' ? 'deno.exe' : 'deno', [
      'run',
      '--allow-all',
      '--node-modules-dir=manual',
      '--quiet',
    ]),
  ];
}

/** The ways of ending that a program can notice on each runtime of this system. On Windows `SIGTERM` is not one. */
export function heardEndings(): readonly Ending[] {
  const all = Object.keys(endings) as Ending[];
  return all.filter((ending) => ending !== 'Deno.exit' && (process.platform !== 'win32' || ending !== 'SIGTERM'));
}

function runtimeOf(name: string, packageName: string, file: string, args: readonly string[]): Runtime[] {
  const program = programOf(packageName, file);
  if (program === undefined) return [];
  // If its install script did not run, a package has a text file in place of the program.
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [version] = /\d+\.\d+\.\d+/.exec(stdout ?? '') ?? [];
  return status === 0 && version !== undefined ? [{ name, version, command: [program, ...args] }] : [];
}

function programOf(packageName: string, file: string): string | undefined {
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
    const program = path.join(folder, file);
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/** Whether workerd can be run by Miniflare; both come by packages that may be absent. */
export function isWorkerdPresent(): boolean {
  try {
    const miniflare = createRequire(createRequire(import.meta.url).resolve('miniflare'));
    const { default: program } = miniflare('workerd') as { readonly default: string };
    return spawnSync(program, ['--version']).status === 0;
  } catch {
    return false;
  }
}
