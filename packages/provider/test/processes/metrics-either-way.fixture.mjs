// Sends one counter, with a metrics client alone or with a provider; the exporter is given as JSON. Prints what became
// of it, unless the console is the exporter: then that is what is printed.
import { createMetricsClient } from '@codex-otel/metrics';
import { createOtelProvider } from '@codex-otel/provider';

const [, , way, json] = process.argv;
const exporter = JSON.parse(json);
const service = { environment: 'test', serviceName: 'either', serviceVersion: '1' };
const none = { kind: 'none' };
let outcome = 'delivered';
try {
  if (way === 'alone') {
    const client = await createMetricsClient({ ...service, exporter });
    client.counter('codex.a', 1);
    await client.shutdown({ timeoutMillis: 20_000 });
  } else {
    const provider = await createOtelProvider(
      { ...service, codexHome: '/nonexistent', exporter: none, traceExporter: none, metricsExporter: exporter },
      { handoverOnExit: false },
    );
    provider.metrics.counter('codex.a', 1);
    await provider.shutdown({ timeoutMillis: 20_000 });
  }
} catch (error) {
  outcome = error.code;
}
if (exporter.kind !== 'console') console.log(outcome);
