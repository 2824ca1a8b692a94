// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// @boundaries-ignore the benchmark installs it
import { registerOTel } from '@vercel/otel';

export { observe } from './api.mjs';

export function setUp(url) {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = url;
  registerOTel({ serviceName: 'peer' });
}
