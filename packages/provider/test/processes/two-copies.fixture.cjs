// A process that holds the CommonJS and the ES module copy of the package, as one with plug-ins does.
const { createOtelProvider } = require('@codex-otel/provider');
const { logs, trace } = require('@opentelemetry/api');

const exporter = { kind: 'otlp-http', endpoint: process.argv[2], protocol: 'binary' };
const settings = (serviceName) => ({
  environment: 'test',
  serviceName,
  serviceVersion: '1',
  codexHome: '/nonexistent',
  exporter,
  traceExporter: exporter,
  metricsExporter: { kind: 'none' },
});

async function main() {
  const first = await createOtelProvider(settings('cjs'));
  const tracer = trace.getTracer('library');
  const logger = logs.getLogger('codex_otel.log_only');
  tracer.startSpan('before').end();
  const esm = await import('@codex-otel/provider');
  const second = await esm.createOtelProvider(settings('esm'));
  tracer.startSpan('after').end();
  logger.emit({ eventName: 'after' });
  await first.shutdown();
  tracer.startSpan('after the first').end();
  await second.shutdown();
}

void main();
