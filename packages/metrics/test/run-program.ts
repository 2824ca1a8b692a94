import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childLimits, sourceFlags } from '@codex-otel/testing';

/** Runs one of test/programs in a process of its own, killed when it hangs; gives what it printed. */
export async function runProgram(name: string, ...args: readonly string[]): Promise<string> {
  const program = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags, program, ...args], childLimits);
  return stdout;
}
