// An agent with a full queue and some traffic whose collector is down; it prints how much CPU that takes.
import { createOtelProvider } from '@codex-otel/provider';
import type { AgentConnection } from './agent-settings.ts';
import { agentSettings } from './agent-settings.ts';

/** The task of the agent. */
export interface OutageTask extends AgentConnection {
  readonly queuedRecords: number;
  readonly settleMillis: number;
  readonly measureMillis: number;
}

const task: OutageTask = JSON.parse(process.argv[2] ?? '');
const provider = await createOtelProvider(agentSettings(task), { handoverOnExit: false });
for (let index = 0; index < task.queuedRecords; index += 1) {
  provider?.logger.emit({ eventName: 'codex.sse_event', attributes: { 'event.name': 'codex.sse_event', index } });
}
setTimeout(() => {
  const before = process.cpuUsage();
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(JSON.stringify({ cpuPercent: (user + system) / 10 / task.measureMillis }));
    process.exit(0);
  }, task.measureMillis);
}, task.settleMillis);
