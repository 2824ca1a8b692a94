// A process that ends in the middle of a turn: a response streams, a tool runs, and within it another. Arguments: where
// to send to, and how the process ends. It says `ready` when it may be interrupted.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { parseOtelConfig } from '@codex-otel/config';
import { createOtelProvider } from '@codex-otel/provider';
import type * as sessions from '@codex-otel/session-telemetry';

const [, , url, ending] = process.argv;
const { SessionTelemetry }: typeof sessions =
  ending === 'other-format'
    ? createRequire(import.meta.url)('@codex-otel/session-telemetry')
    : await import('@codex-otel/session-telemetry');
const exporter = `{ otlp-http = { endpoint = "${url}", protocol = "binary" } }`;
const settings = await parseOtelConfig(
  `[otel]\nexporter = ${exporter}\ntrace_exporter = ${exporter}\nmetrics_exporter = ${exporter}`,
  { codexHome: tmpdir(), env: {}, serviceName: 'codex_cli_rs', serviceVersion: '1.2.3' },
);
const provider = await createOtelProvider(settings);
const session = new SessionTelemetry(
  {
    conversationId: 'open-conversation',
    model: 'gpt-5.1-codex',
    slug: 'gpt-5.1-codex',
    originator: 'codex_cli_rs',
    terminalType: 'none',
    sessionSource: 'cli',
    appVersion: '1.2.3',
  },
  {
    logger: provider?.logger,
    metrics: provider?.metrics,
    tracer: ending?.startsWith('global') ? undefined : provider?.tracer,
  },
);

if (ending === 'survived') process.on('uncaughtException', () => process.kill(process.pid, 'SIGINT'));
if (ending === 'handled-throw') {
  process.on('uncaughtException', async () => {
    await Promise.resolve();
    process.exit(70);
  });
}
const turn = session.startTurn({ turnId: 'open' });
if (ending === 'host-at-exit') process.on('exit', () => turn.end({ status: 'completed' }));
if (ending === 'host-at-signal') {
  process.on('SIGINT', () => {
    turn.end({ status: 'failed', error: { code: 'interrupted_by_user' } });
    process.exit(130);
  });
}

if (ending?.endsWith('shutdown-at-signal')) {
  process.on('SIGINT', async () => {
    await provider?.shutdown();
    process.exit(130);
  });
}

const usage = { input_tokens: 40, output_tokens: 2, total_tokens: 42 };
async function* complete() {
  yield { type: 'response.created', response: { id: 'resp_1' } };
  yield { type: 'response.completed', response: { id: 'resp_1', usage } };
}
async function* endless() {
  yield { type: 'response.created', response: { id: 'resp_2' } };
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield { type: 'response.output_text.delta', delta: 'x' };
  }
}
for await (const _event of turn.observeResponse(complete()));
void turn.tool({ toolName: 'outer', callId: 'call_1', arguments: '{}' }, async () => {
  await turn.tool({ toolName: 'inner', callId: 'call_2', arguments: '{}' }, () => 'done');
  const call = { serverName: 'docs', toolName: 'search', callId: 'call_3' };
  return await turn.mcpToolCall(call, () => new Promise<never>(() => {}));
});
let events = 0;
for await (const _event of turn.observeResponse(endless())) {
  events += 1;
  if (events !== 10) continue;
  writeSync(1, 'ready\n');
  if (ending === 'exit' || ending === 'host-at-exit') process.exit(3);
  const fails = ending === 'throw' || ending === 'handled-throw' || ending === 'survived';
  if (fails) setTimeout(() => Promise.reject(Object.assign(new Error('secret'), { code: 'E_BOOM' })), 1);
}
