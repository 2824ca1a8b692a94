// An agent written in CommonJS, on the built packages as npm installs them. Its only argument is where to send to.
const { tmpdir } = require('node:os');
const { parseOtelConfig } = require('@codex-otel/config');
const { recordProcessStart } = require('@codex-otel/metrics');
const { createOtelProvider } = require('@codex-otel/provider');
const { SessionTelemetry, sessionOptionsFromSettings } = require('@codex-otel/session-telemetry');
const { tokenUsageFromResponse } = require('@codex-otel/token-usage');
const { currentSpanW3cTraceContext } = require('@codex-otel/trace-context');

async function main() {
  const exporter = `{ otlp-http = { endpoint = "${process.argv[2]}", protocol = "binary" } }`;
  const toml = `[otel]\nexporter = ${exporter}\ntrace_exporter = ${exporter}\nmetrics_exporter = ${exporter}\n[otel.tracestate.example]\nfrom = "commonjs"\n`;
  const settings = await parseOtelConfig(toml, {
    codexHome: tmpdir(),
    env: {},
    serviceName: 'codex_cli_rs',
    serviceVersion: '1.2.3',
  });
  const provider = await createOtelProvider(settings);
  recordProcessStart(provider.metrics, 'codex_cli_rs');
  const who = { conversationId: 'thread-1', originator: 'agent', terminalType: 'none', sessionSource: 'cli' };
  const what = { model: 'gpt-5.1-codex', slug: 'gpt-5.1-codex' };
  const session = new SessionTelemetry({ ...sessionOptionsFromSettings(settings), ...who, ...what }, provider);
  const turn = session.startTurn({ turnId: 'turn-1' });

  // The other copies of the same packages: what is process-wide must be one for both.
  const esm = await import('@codex-otel/trace-context');
  const esmMetrics = await import('@codex-otel/metrics');
  await turn.run(async () => {
    const carriers = [currentSpanW3cTraceContext(), esm.currentSpanW3cTraceContext()];
    esmMetrics.getGlobalMetricsClient()?.counter('recorded.by.esm', 1);
    const sameCopy = esm.currentSpanW3cTraceContext === currentSpanW3cTraceContext;
    console.log(JSON.stringify({ carriers, sameCopy }));
  });
  turn.addResponse(tokenUsageFromResponse({ input_tokens: 3, output_tokens: 5, total_tokens: 8 }));
  turn.end();
  await provider.shutdown();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
