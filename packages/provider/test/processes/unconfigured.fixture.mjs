// A program whose user has configured nothing.
import { createOtelProvider } from '@codex-otel/provider';

const exporter = { kind: 'none' };
await createOtelProvider({
  environment: 'test',
  serviceName: 'unconfigured',
  serviceVersion: '1',
  codexHome: '/nonexistent',
  exporter,
  traceExporter: exporter,
  metricsExporter: exporter,
});
