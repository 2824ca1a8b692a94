// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// For the peers that leave a model's call to a span by hand: one span, with the usage of the answer.
import { trace } from '@opentelemetry/api';

export async function observe(mark, answer, read) {
  const span = trace.getTracer('peer').startSpan(mark);
  await read(usageOf(answer(), span));
  span.end();
}

async function* usageOf(events, span) {
  for await (const event of events) {
    if (event.type === 'response.completed') {
      span.setAttribute('gen_ai.usage.input_tokens', event.response.usage.input_tokens);
      span.setAttribute('gen_ai.usage.output_tokens', event.response.usage.output_tokens);
    }
    yield event;
  }
}
