import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Area } from './areas.ts';
import type { Mutant } from './mutated-copy.ts';
import { ACTIVE_MUTANT } from './mutated-copy.ts';

/** The result of the tests for a mutant. */
export type Verdict = 'killed' | 'timed out' | 'survived';

/** Twice the time of the slowest tests of an area; after that a mutant counts as hanging. */
const TRIAL_MILLIS = 90_000;

/** Runs the tests of an area in a copy, with one mutant or without any. */
export async function tryMutant(folder: string, area: Area, mutant?: Mutant): Promise<Verdict> {
  const { [ACTIVE_MUTANT]: _none, NODE_OPTIONS: _options, ...env } = process.env;
  const jest = path.join(folder, 'node_modules/jest/bin/jest.js');
  const args = ['--bail', '--runInBand', '--silent', '--forceExit', ...area.tests];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...args], {
    cwd: path.join(folder, area.folder),
    env: { ...env, CI: '1', ...(mutant && { [ACTIVE_MUTANT]: mutant.id }) },
    stdio: 'ignore',
    timeout: TRIAL_MILLIS,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal !== null ? 'timed out' : code === 0 ? 'survived' : 'killed'));
  });
}
