// An ES module with the full install: one turn, sent to the collector at the address that is given.
import { parseOtelConfig } from '@codex-otel/config';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';

const [, , endpoint] = process.argv;
const exporter = { 'otlp-http': { endpoint, protocol: 'binary' } };
const otel = { exporter, trace_exporter: exporter, metrics_exporter: exporter };
const service = { codexHome: '/nonexistent', serviceName: 'consumer', serviceVersion: '1.0.0' };
const provider = await createOtelProvider(await parseOtelConfig({ otel }, service));
const who = { conversationId: 'thread-1', originator: 'consumer', terminalType: 'none', sessionSource: 'cli' };
const session = new SessionTelemetry({ ...who, model: 'm', slug: 'm', appVersion: '1.0.0' }, provider);
session.userPrompt([{ type: 'text', text: 'hello' }]);
session.startTurn({ turnId: 'turn-1' }).end();
await provider.shutdown();
