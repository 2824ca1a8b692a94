// An agent whose standard output and error are closed. It reports its progress to its parent, and ends by itself.
import { createOtelProvider } from '../../dist/index.mjs';

const [kind, url] = process.argv.slice(2);
const exporter = kind === 'console' ? { kind: 'console' } : { kind: 'otlp-http', endpoint: url, protocol: 'json' };
const provider = await createOtelProvider({
  environment: 'test',
  serviceName: 'agent',
  serviceVersion: '1.0.0',
  codexHome: '/nonexistent',
  exporter,
  traceExporter: exporter,
  metricsExporter: exporter,
});
process.send('ready');
await new Promise((resolve) => process.once('message', resolve));
for (let count = 0; count < 3; count += 1) {
  provider.logger.emit({ eventName: 'codex.x', attributes: { 'event.name': 'codex.x' } });
  await provider.forceFlush({ timeoutMillis: 300 }).catch(() => {});
}
process.send({ logs: provider.stats().logs });
process.disconnect();
await provider.shutdown({ timeoutMillis: 300 }).catch(() => {});
process.exitCode = 7;
