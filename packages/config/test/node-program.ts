import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childLimits } from '@codex-otel/testing';

/** Where the package's own name resolves, wherever the tests are started. */
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** What a program wrote. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program's text in a Node process of its own, on this package's sources. */
export function runProgram(code: string, env: Readonly<Record<string, string>> = {}): ProgramOutput {
  // Older Nodes strip types only when asked.
  const strip = process.features.typescript === 'strip' ? [] : ['--experimental-strip-types'];
  const flags = [...strip, '--conditions=@codex-otel/source', '--no-warnings', '--input-type=module', '--eval', code];
  const { stdout, stderr } = spawnSync(process.execPath, flags, {
    ...childLimits,
    cwd: packageFolder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { stdout, stderr };
}
