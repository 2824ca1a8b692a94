// A program that records one turn and ends through client.shutdown(); started by otlp.test.ts with the endpoint.
import { createMetricsClient } from '@codex-otel/metrics';

const [, , endpoint = ''] = process.argv;
const client = await createMetricsClient({
  environment: 'test',
  serviceName: 'codex_exec',
  serviceVersion: '1.2.3',
  exporter: { kind: 'otlp-http', endpoint, protocol: 'binary' },
});
for (const [tokenType, tokens] of [['total', 120] as const, ['input', 100] as const, ['output', 20] as const]) {
  client.histogram('codex.turn.token_usage', tokens, { token_type: tokenType, tmp_mem_enabled: 'false' });
}
client.startTimer('codex.turn.e2e_duration_ms').record();
await client.shutdown({ timeoutMillis: 60_000 });
