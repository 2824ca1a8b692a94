import { spawn } from 'node:child_process';
import path from 'node:path';
import { ACTIVE_MUTANT, REACHED_FILE } from './mutated-copy.ts';

/** How a run of tests ended. */
export type RunEnd = 'passed' | 'failed' | 'timed out';

/** Options for {@link runTests}. */
export interface TestRunOptions {
  /** The repository. */
  readonly root: string;
  /** Test files of one workspace, from the root, in the order in which they run; the first that fails ends the run. */
  readonly files: readonly string[];
  readonly timeoutMillis: number;
  /** The id of the mutant that is on. */
  readonly mutant?: string;
  /** Where to write which mutants the tests executed. */
  readonly reachedFile?: string;
}

const own = (name: string): string => path.join(import.meta.dirname, name);

/** Runs test files. */
export async function runTests(options: TestRunOptions): Promise<RunEnd> {
  const { root, files, timeoutMillis, mutant, reachedFile } = options;
  const { [ACTIVE_MUTANT]: _mutant, [REACHED_FILE]: _file, NODE_OPTIONS: _options, ...env } = process.env;
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const paths = files.map((file) => path.join(root, file));
  const flags = ['--bail', '--runInBand', '--silent', '--forceExit', `--testSequencer=${own('jest.given-order.mjs')}`];
  if (reachedFile !== undefined) flags.push(`--setupFilesAfterEnv=${own('write-reached.mjs')}`);
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', jest, ...flags, '--runTestsByPath', ...paths],
    {
      cwd: path.join(root, workspaceOf(files[0] ?? '')),
      env: {
        ...env,
        CI: '1',
        TEST_ORDER: paths.join(path.delimiter),
        ...(mutant !== undefined && { [ACTIVE_MUTANT]: mutant }),
        ...(reachedFile !== undefined && { [REACHED_FILE]: reachedFile }),
      },
      stdio: 'ignore',
      timeout: timeoutMillis,
      killSignal: 'SIGKILL',
    },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal !== null ? 'timed out' : code === 0 ? 'passed' : 'failed'));
  });
}

/** The folder, from the root, of the workspace that a file from the root belongs to: two names. */
export function workspaceOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}
