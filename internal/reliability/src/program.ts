import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program of this folder in a process of its own. Telemetry prints nothing, so standard output is the program's. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Settles at the end of the process. Rejects when something was printed to standard error. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
}

const PATIENCE_MILLIS = 100_000;

/**
 * Starts a program of this folder with a task as its argument, on the built packages. One that has not ended long after
 * `runMillis` is killed.
 */
export function startProgram(
  name: string,
  task: unknown,
  {
    nodeArguments = [],
    runMillis = 0,
    onOutput,
  }: { nodeArguments?: readonly string[]; runMillis?: number; onOutput?: (chunk: string) => void } = {},
): RunningProgram {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const flags = ['--experimental-strip-types', '--no-warnings', ...nodeArguments];
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runMillis + PATIENCE_MILLIS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    onOutput?.(chunk.toString());
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = new Promise<{ exitCode: number | null; output: string }>((resolve, reject) => {
    child.on('close', (exitCode) => {
      if (complaint === '') resolve({ exitCode, output });
      else reject(new Error(`${name} said: ${complaint}`));
    });
  });
  return { child, ended };
}
