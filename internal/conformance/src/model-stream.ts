/** One event of a Responses API stream. */
export interface ModelEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Token counts of a response, as the API reports them. */
export interface ModelUsage {
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning?: number;
}

/** What an item of a response is. */
export type ModelItem =
  | { readonly kind: 'reasoning'; readonly parts: readonly string[] }
  | { readonly kind: 'message'; readonly parts: readonly string[]; readonly isFinal?: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: object };

/** How a response ends. */
export type ModelEnd =
  | { readonly kind: 'completed'; readonly usage: ModelUsage }
  | { readonly kind: 'incomplete'; readonly usage: ModelUsage }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly usage?: ModelUsage }
  | { readonly kind: 'cut' };

/** The model that every response names. */
export const MODEL = 'gpt-5.1-codex';

/** The events of one response. */
export function modelStream(name: string, items: readonly ModelItem[], end: ModelEnd): readonly ModelEvent[] {
  const id = `resp_${name}`;
  const response = (status: string, more: object = {}) => ({
    id,
    object: 'response',
    model: MODEL,
    status,
    output: [],
    ...more,
  });
  const events: ModelEvent[] = [
    { type: 'response.created', response: response('in_progress') },
    { type: 'response.in_progress', response: response('in_progress') },
    ...items.flatMap((item, index) => itemEvents(item, index, name)),
  ];
  switch (end.kind) {
    case 'completed':
      events.push({ type: 'response.completed', response: response('completed', { usage: usageOf(end.usage) }) });
      break;
    case 'incomplete': {
      const details = { incomplete_details: { reason: 'max_output_tokens' }, usage: usageOf(end.usage) };
      events.push({ type: 'response.incomplete', response: response('incomplete', details) });
      break;
    }
    case 'failed': {
      const error = { code: end.code, message: end.message };
      const usage = end.usage === undefined ? null : usageOf(end.usage);
      events.push({ type: 'response.failed', response: response('failed', { error, usage }) });
      break;
    }
    case 'cut':
  }
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

function usageOf({ input, cached = 0, cacheWrite = 0, output, reasoning = 0 }: ModelUsage): object {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function itemEvents(item: ModelItem, index: number, name: string): readonly ModelEvent[] {
  const at = { output_index: index, item_id: `${item.kind}_${name}_${index}` };
  const around = (first: object, last: object, middle: readonly ModelEvent[]): readonly ModelEvent[] => [
    { type: 'response.output_item.added', output_index: index, item: { id: at.item_id, ...first } },
    ...middle,
    { type: 'response.output_item.done', output_index: index, item: { id: at.item_id, ...last } },
  ];
  switch (item.kind) {
    case 'reasoning': {
      const part = { ...at, summary_index: 0 };
      const text = item.parts.join('');
      const summary = [{ type: 'summary_text', text }];
      return around({ type: 'reasoning', summary: [] }, { type: 'reasoning', summary, encrypted_content: 'none' }, [
        { type: 'response.reasoning_summary_part.added', ...part, part: { type: 'summary_text', text: '' } },
        ...item.parts.map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...part, delta })),
        { type: 'response.reasoning_summary_text.done', ...part, text },
        { type: 'response.reasoning_summary_part.done', ...part, part: { type: 'summary_text', text } },
      ]);
    }
    case 'message': {
      const part = { ...at, content_index: 0 };
      const content = { type: 'output_text', annotations: [], logprobs: [], text: item.parts.join('') };
      const message = { type: 'message', role: 'assistant', ...(item.isFinal && { phase: 'final_answer' }) };
      return around(
        { ...message, status: 'in_progress', content: [] },
        { ...message, status: 'completed', content: [content] },
        [
          { type: 'response.content_part.added', ...part, part: { ...content, text: '' } },
          ...item.parts.map((delta) => ({ type: 'response.output_text.delta', ...part, delta, logprobs: [] })),
          { type: 'response.output_text.done', ...part, text: content.text, logprobs: [] },
          { type: 'response.content_part.done', ...part, part: content },
        ],
      );
    }
    case 'call': {
      const text = JSON.stringify(item.arguments);
      const call = { type: 'function_call', call_id: `call_${name}`, name: item.name };
      return around(
        { ...call, status: 'in_progress', arguments: '' },
        { ...call, status: 'completed', arguments: text },
        [
          { type: 'response.function_call_arguments.delta', ...at, delta: text },
          { type: 'response.function_call_arguments.done', ...at, arguments: text },
        ],
      );
    }
  }
}
