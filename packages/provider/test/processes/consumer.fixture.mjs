// An ES module that uses the built package: one item of each signal to the endpoint that it is given.
import { createOtelProvider, isOtelShutdownError, OtelShutdownError } from '@codex-otel/provider';

const [, , kind, endpoint] = process.argv;
const exporter =
  kind === 'grpc' ? { kind: 'otlp-grpc', endpoint } : { kind: 'otlp-http', endpoint, protocol: 'binary' };
const provider = await createOtelProvider({
  environment: 'test',
  serviceName: 'esm-consumer',
  serviceVersion: '1',
  codexHome: '/nonexistent',
  exporter,
  traceExporter: exporter,
  metricsExporter: exporter,
});
provider.tracer.startActiveSpan('a', (span) => {
  provider.logger.emit({ eventName: 'a' });
  span.end();
});
provider.metrics.counter('codex.a', 1);
await provider.shutdown({ timeoutMillis: 20_000 });
if (!isOtelShutdownError(new OtelShutdownError('a', provider.stats()))) throw new Error('not its own error');
