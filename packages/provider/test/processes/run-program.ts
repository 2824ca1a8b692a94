import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childLimits } from '@codex-otel/testing';

/** What a program printed, and how it ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of this folder in a Node process of its own, on the built packages. */
export function runProgram(
  file: string | URL,
  options: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<ProgramResult> {
  const { args = [], env = {}, cwd } = options;
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  // A path to modules, as pnpm's own commands set it, would find what an install lacks.
  const { NODE_OPTIONS: _jest, NODE_PATH: _modules, ...own } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path, ...args],
      { ...childLimits, env: { ...own, ...env }, cwd },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr });
      },
    );
  });
}
