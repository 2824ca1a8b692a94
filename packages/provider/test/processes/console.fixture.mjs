// A program that writes its telemetry to standard output.
import { createOtelProvider } from '@codex-otel/provider';

const exporter = { kind: 'console' };
const provider = await createOtelProvider({
  environment: 'test',
  serviceName: 'console',
  serviceVersion: '1',
  codexHome: '/nonexistent',
  exporter,
  traceExporter: exporter,
  metricsExporter: exporter,
});
provider.tracer.startSpan('a').end();
provider.logger.emit({ eventName: 'a' });
provider.metrics.counter('codex.a', 1);
await provider.shutdown({ timeoutMillis: 20_000 });
