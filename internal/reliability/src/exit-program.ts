// An agent that records some log records and exits; it prints how long the hand-over took.
import { createOtelProvider } from '@codex-otel/provider';
import type { AgentConnection } from './agent-settings.ts';
import { agentSettings } from './agent-settings.ts';

/** The task of the agent. */
export interface ExitTask extends AgentConnection {
  readonly records: number;
  /** Memory that the agent holds besides, written to so that it is resident. */
  readonly ballastMiB: number;
}

const task: ExitTask = JSON.parse(process.argv[2] ?? '');
const ballast = Array.from({ length: task.ballastMiB }, () => Buffer.alloc(2 ** 20, 1));
const provider = await createOtelProvider(agentSettings(task));
if (provider === undefined) throw new Error('no exporter is set');
const attributes = {
  'event.name': 'codex.sse_event',
  'event.kind': 'response.output_text.delta',
  duration_ms: '12',
  'event.timestamp': '2026-01-01T00:00:00.000Z',
  'conversation.id': '01a09a08-5141-7cf0-8000-000000000000',
  'app.version': '1.0.0',
  auth_mode: 'ApiKey',
  originator: 'codex_cli_rs',
  'user.account_id': 'account',
  'user.email': 'engineer@example.com',
  'terminal.type': 'xterm-256color',
  model: 'gpt-5.6',
  slug: 'gpt-5.6',
  success: true,
};
// As long as a very short session: by then Node has loaded what an exit needs.
await new Promise((resolve) => setTimeout(resolve, 1500));
for (let index = 0; index < task.records; index += 1) {
  provider.logger.emit({ eventName: 'codex.sse_event', attributes: { ...attributes, index } });
}
const before = performance.now();
provider.shutdownOnProcessExit();
const heldMillis = performance.now() - before;
process.stdout.write(
  JSON.stringify({ heldMillis, handedOver: provider.stats().logs.handedOver, kept: ballast.length }),
);
process.exit(0);
