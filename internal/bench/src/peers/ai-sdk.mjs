// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// @boundaries-ignore the benchmark installs it
import { OpenTelemetry } from '@ai-sdk/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
// @boundaries-ignore the benchmark installs it
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
// @boundaries-ignore the benchmark installs it
import { registerTelemetry, streamText } from 'ai';
// @boundaries-ignore the benchmark installs it
import { MockLanguageModelV4 } from 'ai/test';

export function setUp(url) {
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
  new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }).register();
  registerTelemetry(new OpenTelemetry());
}

/** It makes spans only for its own way of calling a model, so the cost of that way is part of the figure. */
export async function observe(mark, answer, read) {
  const model = new MockLanguageModelV4({ doStream: async () => ({ stream: ReadableStream.from(partsOf(answer())) }) });
  const result = streamText({ model, prompt: 'hello', telemetry: { isEnabled: true, functionId: mark } });
  await read(result.textStream);
}

async function* partsOf(events) {
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'text-start', id: '1' };
  for await (const event of events) {
    if (event.type === 'response.output_text.delta') yield { type: 'text-delta', id: '1', delta: event.delta };
  }
  yield { type: 'text-end', id: '1' };
  const usage = { inputTokens: { total: 3 }, outputTokens: { total: 5 } };
  yield { type: 'finish', finishReason: { unified: 'stop' }, usage };
}
