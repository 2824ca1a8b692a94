// A process that exports once and shuts down; run by exporting-process.test.ts. It never calls process.exit(), and an
// attempt may take longer than a test: it ends only if the shutdown ends in its time and nothing holds the process.

import { openSender } from '@codex-otel/metrics/otlp';
import { createOutlet } from '../../src/outlet/batching-outlet.ts';
import { outletLimits } from '../../src/outlet/outlet-limits.ts';
import { sampleConnection, sampleLogRecords } from './telemetry-samples.ts';

const { url = '', protocol, ca, shutdownMillis, runMillis } = JSON.parse(process.argv[2] ?? '{}');
const connection = sampleConnection(url, { protocol, timeoutMillis: 600_000, ...(ca ? { tls: { ca } } : {}) });
const outlet = createOutlet({
  signal: 'logs',
  openSender: () => openSender('logs', connection),
  sizeOf: () => 300,
  limits: outletLimits('logs', connection.timeoutMillis),
});
for (const record of sampleLogRecords(2000)) outlet.push(record);
// Modules load and connections open before the shutdown.
await new Promise((resolve) => setTimeout(resolve, runMillis));
if (shutdownMillis !== undefined) await outlet.shutdown({ timeoutMillis: shutdownMillis });
console.log(JSON.stringify({ stats: outlet.stats() }));
