// A process like a one-shot command: one turn, then it ends. Its only argument is where to send to.
import { tmpdir } from 'node:os';
import { parseOtelConfig } from '@codex-otel/config';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry, sessionOptionsFromSettings } from '@codex-otel/session-telemetry';
import { shippedStream, streamOf } from '../../src/index.ts';

const exporter = `{ otlp-http = { endpoint = "${process.argv[2]}", protocol = "binary" } }`;
const settings = await parseOtelConfig(
  `[otel]\nexporter = ${exporter}\ntrace_exporter = ${exporter}\nmetrics_exporter = ${exporter}`,
  { codexHome: tmpdir(), env: {}, serviceName: 'codex_exec', serviceVersion: '1.2.3' },
);
const provider = await createOtelProvider(settings);
const telemetry = new SessionTelemetry(
  {
    ...sessionOptionsFromSettings(settings),
    conversationId: 'one-shot-conversation',
    model: 'gpt-5.1-codex',
    slug: 'gpt-5.1-codex',
    originator: 'codex_exec',
    terminalType: 'none',
    sessionSource: 'exec',
  },
  { logger: provider?.logger, metrics: provider?.metrics, tracer: provider?.tracer },
);
const turn = telemetry.startTurn({ threadId: 'one-shot-conversation', turnId: 'only', model: 'gpt-5.1-codex' });
for await (const _event of turn.observeResponse(streamOf(await shippedStream('1-plain-answer'))));
turn.end();
await provider?.shutdown({ timeoutMillis: 60_000 });
