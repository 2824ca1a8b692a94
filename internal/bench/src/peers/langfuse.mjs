// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// @boundaries-ignore the benchmark installs it
import { LangfuseSpanProcessor } from '@langfuse/otel';
// @boundaries-ignore the benchmark installs it
import { startObservation } from '@langfuse/tracing';
import { NodeSDK } from '@opentelemetry/sdk-node';

export function setUp(url) {
  const processor = new LangfuseSpanProcessor({ publicKey: 'pk', secretKey: 'sk', baseUrl: url });
  new NodeSDK({ serviceName: 'peer', spanProcessors: [processor] }).start();
}

export async function observe(mark, answer, read) {
  const generation = startObservation(mark, { model: 'gpt-5.1-codex' }, { asType: 'generation' });
  await read(answer());
  generation.update({ usageDetails: { input: 3, output: 5 } }).end();
}
