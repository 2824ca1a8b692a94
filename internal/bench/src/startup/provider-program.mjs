// What the programs with our provider have in common: create it, one item of each signal, out.
import { createOtelProvider } from '@codex-otel/provider';

export async function run(exporter, options) {
  const provider = await createOtelProvider(
    {
      environment: 'bench',
      serviceName: 'codex_cli_rs',
      serviceVersion: '1.2.3',
      codexHome: '/nonexistent',
      exporter,
      traceExporter: exporter,
      metricsExporter: exporter,
    },
    { env: {}, handoverOnExit: false, ...options },
  );
  provider?.tracer.startSpan('session_task.turn').end();
  provider?.logger.emit({ severityNumber: 9, attributes: { 'event.name': 'codex.user_prompt' } });
  provider?.metrics?.counter('codex.turn', 1);
  console.log('ready');
  process.exit(0);
}
