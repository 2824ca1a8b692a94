// What a program without gRPC is bundled from: one item of each signal to the endpoint that it is given.
import { createOtelProvider } from '@codex-otel/provider';

async function main([endpoint]) {
  const exporter = { kind: 'otlp-http', endpoint, protocol: 'binary' };
  const provider = await createOtelProvider({
    environment: 'test',
    serviceName: 'bundle',
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
}

void main(process.argv.slice(2));
