import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childProcessEnv } from '@codex-otel/trace-context';
import type { Span } from '@opentelemetry/api';

/** The output of a command, and whether it succeeded. */
export interface ShellResult {
  readonly output: string;
  readonly success: boolean;
}

/** Where commands run: this example's own folder. */
const workingDirectory = fileURLToPath(new URL('../', import.meta.url));
/** Programs that only read. The configuration allows them, so nobody is asked. */
const READ_ONLY_PROGRAMS: ReadonlySet<string> = new Set(['ls', 'cat', 'wc']);
const run = promisify(execFile);

/** Whether a command may run without asking the user. */
export function isAllowedByConfig(command: readonly string[]): boolean {
  return READ_ONLY_PROGRAMS.has(command[0] ?? '');
}

/** Reads the arguments that the model sent: `{ "command": ["ls", "streams"] }`. */
export function parseShellArguments(text: string): readonly string[] {
  const parsed: unknown = JSON.parse(text);
  const command = typeof parsed === 'object' && parsed !== null && 'command' in parsed ? parsed.command : undefined;
  if (!Array.isArray(command) || !command.every((part) => typeof part === 'string') || command.length === 0) {
    throw new TypeError('expected { "command": [program, …arguments] }');
  }
  return command;
}

/**
 * Runs a command without a shell. The child gets the turn's trace context, but not the endpoints and keys of this process's
 * exporters.
 */
export async function runShellCommand(command: readonly string[], span: Span | undefined): Promise<ShellResult> {
  const [program = '', ...args] = command;
  const options = { cwd: workingDirectory, env: childProcessEnv(process.env, span), timeout: 10_000 };
  try {
    const { stdout, stderr } = await run(program === 'node' ? process.execPath : program, args, options);
    return { output: stdout + stderr, success: true };
  } catch (error) {
    return { output: error instanceof Error ? error.message : String(error), success: false };
  }
}
