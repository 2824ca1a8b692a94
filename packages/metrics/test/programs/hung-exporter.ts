// Ends through a shutdown that its exporter does not let succeed; the process must be gone soon after. With the
// argument `flushed` an export is under way already.
import { createMetricsClient } from '@codex-otel/metrics';

let onAsked = () => {};
const asked = new Promise<void>((resolve) => {
  onAsked = resolve;
});
const client = await createMetricsClient({
  environment: 'test',
  serviceName: 'codex_exec',
  serviceVersion: '1.2.3',
  exporter: { export: () => onAsked(), async forceFlush() {}, async shutdown() {} },
});
client.counter('c', 1);
if (process.argv[2] === 'flushed') {
  client.forceFlush().catch(() => {});
  await asked;
}
await client.shutdown({ timeoutMillis: 50 }).catch((error) => console.log(error.code));
