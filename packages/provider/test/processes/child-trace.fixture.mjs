// A child process whose spans belong to the trace in its environment.
import { createOtelProvider } from '@codex-otel/provider';
import { traceparentContextFromEnv } from '@codex-otel/trace-context';

const exporter = { kind: 'otlp-http', endpoint: process.argv[2], protocol: 'binary' };
const provider = await createOtelProvider({
  environment: 'test',
  serviceName: 'child',
  serviceVersion: '1',
  codexHome: '/nonexistent',
  exporter: { kind: 'none' },
  traceExporter: exporter,
  metricsExporter: { kind: 'none' },
});
provider.tracer.startSpan('of the child', {}, traceparentContextFromEnv()).end();
await provider.shutdown({ timeoutMillis: 20_000 });
