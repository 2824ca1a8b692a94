// A program whose collector is down. It prints nothing itself.
import { createOtelProvider } from '@codex-otel/provider';

const exporter = {
  kind: 'otlp-http',
  endpoint: 'http://user:password@127.0.0.1:9/v1/x?key=secret',
  headers: { authorization: 'Bearer secret' },
  protocol: 'json',
};
const provider = await createOtelProvider(
  {
    environment: 'test',
    serviceName: 'quiet',
    serviceVersion: '1',
    codexHome: '/nonexistent',
    exporter,
    traceExporter: exporter,
    metricsExporter: exporter,
  },
  { handoverOnExit: false, uploaderCommand: [] },
);
provider.tracer.startSpan('a').end();
provider.logger.emit({ attributes: { prompt: 'content' } });
provider.metrics.counter('codex.a', 1);
await provider.shutdown({ timeoutMillis: 1500 }).catch(() => {});
