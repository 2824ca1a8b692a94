// A CommonJS module that uses the built package: one item of each signal to the endpoint that it is given.
const { createOtelProvider, isOtelShutdownError, OtelShutdownError } = require('@codex-otel/provider');

const [, , kind, endpoint] = process.argv;
const exporter =
  kind === 'grpc' ? { kind: 'otlp-grpc', endpoint } : { kind: 'otlp-http', endpoint, protocol: 'binary' };

async function main() {
  const provider = await createOtelProvider({
    environment: 'test',
    serviceName: 'cjs-consumer',
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
  await provider.shutdown();
  // The copy in the other module format still recognises the error, and takes over what is registered.
  const esm = await import('@codex-otel/provider');
  if (!esm.isOtelShutdownError(new OtelShutdownError('a', provider.stats()))) throw new Error('unknown to ESM');
  if (!isOtelShutdownError(new esm.OtelShutdownError('a', provider.stats()))) throw new Error('unknown to CommonJS');
}

void main();
