// What the start path is measured with: a provider, one item of each signal.
import { createOtelProvider } from '@codex-otel/provider';

export async function start(kind) {
  const exporter = { kind, endpoint: 'http://127.0.0.1:9', protocol: 'binary' };
  const settings = {
    environment: 'test',
    serviceName: 'start',
    serviceVersion: '1',
    codexHome: '/nonexistent',
    exporter,
    traceExporter: exporter,
    metricsExporter: exporter,
  };
  const options = { env: {}, handoverOnExit: false, grpc: () => import('@grpc/grpc-js') };
  const provider = await createOtelProvider(settings, options);
  provider?.tracer.startSpan('a').end();
  provider?.logger.emit({ eventName: 'a' });
  provider?.metrics?.counter('codex.a', 1);
}
