// Prints which SDK packages are loaded: after the import, with a recording client, after its shutdown.
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const name = /node_modules\/(@(?:opentelemetry|grpc)\/[^/]+)\/(?!.*node_modules)/.exec(url)?.[1];
    if (name !== undefined && name !== '@opentelemetry/api') loaded.add(name);
    return nextLoad(url, context);
  },
});

const [, , endpoint = ''] = process.argv;
const { createMetricsClient } = await import('@codex-otel/metrics');
const imported = [...loaded];
const { resourceFromAttributes } = await import('@opentelemetry/resources');
const own = new Set(loaded);
const since = () => [...loaded].filter((name) => !own.has(name)).sort();

const client = await createMetricsClient({
  environment: 'test',
  serviceName: 'codex_exec',
  serviceVersion: '1.2.3',
  exporter: { kind: 'otlp-http', endpoint, protocol: 'binary' },
  resource: resourceFromAttributes({}),
});
client.counter('c', 1);
const recording = since();
await client.shutdown({ timeoutMillis: 60_000 });
console.log(JSON.stringify({ imported, recording, exported: since() }));
