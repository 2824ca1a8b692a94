// A CommonJS program with the full install: one turn, sent to the collector at the address that is given.
const { parseOtelConfig } = require('@codex-otel/config');
const { createOtelProvider } = require('@codex-otel/provider');
const { SessionTelemetry } = require('@codex-otel/session-telemetry');

async function main() {
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
}

void main();
