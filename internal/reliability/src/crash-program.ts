// An agent that records numbered log records until it is killed, or asked to wait until its spool is empty. A line
// on standard output, the first at the start, says how many of its records, counted from the first, are in the spool or with the collector.
import { writeSync } from 'node:fs';
import { createOtelProvider } from '@codex-otel/provider';
import type { AgentConnection } from './agent-settings.ts';
import { agentSettings } from './agent-settings.ts';

/** The task of the agent. */
export interface CrashTask extends AgentConnection {
  /** Distinguishes the records of different processes. */
  readonly run: number;
  /** 0: records nothing, and only sends what others left. */
  readonly recordsPerStep: number;
}

const task: CrashTask = JSON.parse(process.argv[2] ?? '');
const provider = await createOtelProvider(agentSettings(task), { handoverOnExit: false });
if (provider === undefined) throw new Error('no exporter is set');
let index = 0;
let acknowledged = 0;
writeSync(1, '0\n');
/** Steps of a wave. Batches of one wave may overtake each other, so a count is only valid at its end. */
const WAVE_STEPS = 10;
let steps = 0;
setInterval(() => {
  if (steps < WAVE_STEPS) {
    steps += 1;
    for (let count = 0; count < task.recordsPerStep; count += 1) {
      provider.logger.emit({ eventName: 'codex.sse_event', attributes: { run: task.run, index } });
      index += 1;
    }
    return;
  }
  if (provider.stats().logs.queued > 0) return;
  steps = 0;
  if (index === acknowledged) return;
  acknowledged = index;
  // Written synchronously: the line counts even if the process is killed right after it.
  writeSync(1, `${acknowledged}\n`);
}, 5);
