// Ends through a shutdown that its exporter does not let succeed; the process must be gone soon after.
import { createMetricsClient } from '@codex-otel/metrics';

const client = await createMetricsClient({
  environment: 'test',
  serviceName: 'codex_exec',
  serviceVersion: '1.2.3',
  exporter: { export() {}, async forceFlush() {}, async shutdown() {} },
});
client.counter('c', 1);
await client.shutdown({ timeoutMillis: 50 }).catch((error) => console.log(error.code));
