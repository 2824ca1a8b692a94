import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childLimits, sourceFlags } from '@codex-otel/testing';

/** Where the package's own name resolves, wherever the tests are started. */
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** What a program wrote. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program's text in a Node process of its own, on this package's sources. */
export function runProgram(code: string, env: Readonly<Record<string, string>> = {}): ProgramOutput {
  const flags = [...sourceFlags, '--input-type=module', '--eval', code];
  const { stdout, stderr } = spawnSync(process.execPath, flags, {
    ...childLimits,
    cwd: packageFolder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { stdout, stderr };
}
