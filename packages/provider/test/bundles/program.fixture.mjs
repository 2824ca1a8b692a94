// What the bundles are made of: one item of each signal to the endpoint that the program is given.
import { createOtelProvider } from '@codex-otel/provider';

async function main([kind, endpoint, timeoutMillis = '20000']) {
  const exporter =
    kind === 'grpc' ? { kind: 'otlp-grpc', endpoint } : { kind: 'otlp-http', endpoint, protocol: 'binary' };
  const settings = {
    environment: 'test',
    serviceName: 'bundle',
    serviceVersion: '1',
    codexHome: '/nonexistent',
    exporter,
    traceExporter: exporter,
    metricsExporter: exporter,
  };
  const provider = await createOtelProvider(settings, { grpc: () => import('@grpc/grpc-js') });
  provider.tracer.startSpan('a').end();
  provider.logger.emit({ eventName: 'a' });
  provider.metrics.counter('codex.a', 1);
  await provider.shutdown({ timeoutMillis: Number(timeoutMillis) });
}

void main(process.argv.slice(2));
