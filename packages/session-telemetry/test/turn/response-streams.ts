import type { RecordedEvent } from '@codex-otel/testing';

/** The usage in `response.completed` and similar events, as the API sends it. */
export function responseUsage(input: number, cached: number, output: number, reasoning: number): object {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

export function responseEnd(type: string, response: object): RecordedEvent {
  return { type, response: { id: 'resp_1', model: 'gpt-5.6-sol-2026-08-01', service_tier: 'default', ...response } };
}

const message = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: text === '' ? [] : [{ type: 'output_text', text }],
});

/** A response that thinks, answers and is complete: with an `ü` and an emoji, so that bytes can be cut inside. */
export const ANSWER: readonly RecordedEvent[] = [
  { type: 'response.created', response: { id: 'resp_1', model: 'gpt-5.6-sol' } },
  { type: 'response.in_progress', response: { id: 'resp_1' } },
  { type: 'response.output_item.added', item: { id: 'rs_1', type: 'reasoning', summary: [] } },
  { type: 'response.reasoning_summary_part.added', part: { type: 'summary_text', text: '' } },
  { type: 'response.reasoning_summary_text.delta', delta: 'Thinking' },
  { type: 'response.reasoning_summary_text.done', text: 'Thinking' },
  { type: 'response.output_item.done', item: { id: 'rs_1', type: 'reasoning', summary: [{ text: 'Thinking' }] } },
  { type: 'response.output_item.added', item: message('') },
  { type: 'response.content_part.added', part: { type: 'output_text', text: '' } },
  { type: 'response.output_text.delta', delta: 'Grün' },
  { type: 'response.output_text.delta', delta: ' 🎉\n' },
  { type: 'response.output_text.delta', delta: 'done' },
  { type: 'response.output_text.done', text: 'Grün 🎉\ndone' },
  { type: 'response.content_part.done', part: { type: 'output_text', text: 'Grün 🎉\ndone' } },
  { type: 'response.output_item.done', item: message('Grün 🎉\ndone') },
  responseEnd('response.completed', { usage: responseUsage(3, 1, 5, 2), output: [message('x')] }),
];

/** A response that calls a function. */
export const TOOL_CALL: readonly RecordedEvent[] = [
  { type: 'response.created', response: { id: 'resp_2' } },
  {
    type: 'response.output_item.added',
    item: { type: 'function_call', name: 'shell', call_id: 'call_1', arguments: '' },
  },
  { type: 'response.function_call_arguments.delta', delta: '{"cmd":' },
  { type: 'response.function_call_arguments.delta', delta: '"ls"}' },
  {
    type: 'response.output_item.done',
    item: { type: 'function_call', name: 'shell', call_id: 'call_1', arguments: '{"cmd":"ls"}' },
  },
  responseEnd('response.completed', {
    id: 'resp_2',
    usage: responseUsage(100, 64, 20, 0),
    output: [{ type: 'function_call' }],
  }),
];

/** A response that fails after it began. */
export const FAILURE: readonly RecordedEvent[] = [
  { type: 'response.created', response: { id: 'resp_3' } },
  { type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'secret: out of money' } },
  responseEnd('response.failed', {
    id: 'resp_3',
    usage: null,
    error: { code: 'insufficient_quota', message: 'secret: out of money' },
  }),
];

/** The same events with another response id, since a response counts once. */
export function withId(events: readonly RecordedEvent[], id: string): readonly RecordedEvent[] {
  return events.map((event) => (event.response ? { ...event, response: { ...event.response, id } } : event));
}

/** A stream of the given events. */
export async function* streamOf<T>(events: readonly T[]): AsyncGenerator<T, void, undefined> {
  for (const event of events) {
    await Promise.resolve();
    yield event;
  }
}

/** Everything that a stream delivers. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** The bytes of a server-sent stream of the given events. */
export function sseBytes(events: readonly RecordedEvent[]): Uint8Array {
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return new TextEncoder().encode(text);
}

/** A body that arrives in the given pieces. */
export function bodyOf(...pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}
