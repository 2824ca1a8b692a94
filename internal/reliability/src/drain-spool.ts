import { readdir } from 'node:fs/promises';
import type { AgentConnection } from './agent-settings.ts';
import type { CrashTask } from './crash-program.ts';
import { startProgram } from './program.ts';

const DRAIN_MILLIS = 60_000;

/** Lets a further agent, which records nothing, send what others left in a spool. */
export async function drainSpool(directory: string, connection: AgentConnection): Promise<void> {
  const task: CrashTask = { ...connection, spool: { directory }, run: -1, recordsPerStep: 0 };
  const { child, ended } = startProgram('./crash-program.ts', task);
  const deadline = performance.now() + DRAIN_MILLIS;
  const waits = async () => (await readdir(directory)).some((name) => name.endsWith('.batch'));
  while ((await waits()) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGKILL');
  await ended;
}
