// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
import { NodeSDK } from '@opentelemetry/sdk-node';

export { observe } from './api.mjs';

export function setUp(url) {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = url;
  process.env.OTEL_METRICS_EXPORTER = 'otlp';
  new NodeSDK({ serviceName: 'peer' }).start();
}
