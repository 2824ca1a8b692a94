import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A program to start, and how. */
export interface ChildProgram {
  readonly file: URL;
  readonly args?: readonly string[] | undefined;
  /** Flags for Node itself, before the file. The parent's export conditions are passed on without asking. */
  readonly nodeArgs?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Runs a program in a Node process of its own and parses the last line that it printed as JSON. */
export async function runChildProcess(program: ChildProgram): Promise<unknown> {
  const conditions = process.execArgv.filter((flag) => flag.startsWith('--conditions'));
  const nodeArgs = [...conditions, ...(program.nodeArgs ?? [])];
  const { stdout } = await execute(
    process.execPath,
    [...nodeArgs, fileURLToPath(program.file), ...(program.args ?? [])],
    { env: { ...process.env, ...program.env }, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? 'null');
}
