/**
 * Streams as servers send them, in our own words and with numbers of our own: what public documentation and reports
 * show, reduced to what is peculiar to each.
 */
export interface ServerStream {
  readonly server: string;
  /** The body's text; a list is sent piece by piece. */
  readonly body: string;
  /** The meaning of the reported usage: input, cached, written, output, reasoning, total; `-` was not sent. */
  readonly means: readonly (number | '-')[] | undefined;
  readonly responseId?: string;
}

const sse = (...events: readonly (object | string)[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
const named = (...events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const chunk = (id: string, choice: object | undefined, more: object = {}): object => ({
  id,
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'the-model',
  choices: choice === undefined ? [] : [{ index: 0, finish_reason: null, ...choice }],
  ...more,
});
const hello = { delta: { role: 'assistant', content: 'Hello' } };
const stop = { delta: {}, finish_reason: 'stop' };
const plain = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };

export const SERVER_STREAMS: readonly ServerStream[] = [
  {
    server: 'OpenAI, Chat Completions: usage null until the last chunk',
    body: sse(
      chunk('chatcmpl-a', hello, { usage: null }),
      chunk('chatcmpl-a', stop, { usage: null }),
      chunk('chatcmpl-a', undefined, {
        usage: {
          ...plain,
          prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      }),
      '[DONE]',
    ),
    means: [9, 4, '-', 3, 2, 12],
    responseId: 'chatcmpl-a',
  },
  {
    server: 'Azure: a first chunk with the filter alone, and one without a delta',
    body: sse(
      { id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
      chunk('chatcmpl-z', hello),
      chunk('chatcmpl-z', stop),
      {
        id: '',
        object: '',
        created: 0,
        model: '',
        choices: [{ index: 0, finish_reason: null, content_filter_offsets: {} }],
      },
      chunk('chatcmpl-z', undefined, { usage: plain }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
    responseId: 'chatcmpl-z',
  },
  {
    server: 'LM Studio, Responses API: the last event ends with the stream',
    body: named(
      { type: 'response.created', response: { id: 'resp_l', status: 'in_progress' } } as { type: string },
      { type: 'response.output_text.delta', delta: 'Hello' } as { type: string },
      {
        type: 'response.completed',
        response: { id: 'resp_l', status: 'completed', usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 } },
      } as { type: string },
    ).slice(0, -2),
    means: [9, '-', '-', 3, '-', 12],
    responseId: 'resp_l',
  },
  {
    server: 'Ollama: an empty finish_reason to the end',
    body: sse(
      chunk('chatcmpl-7', { ...hello, finish_reason: '' }),
      chunk('chatcmpl-7', { delta: {}, finish_reason: '' }),
      chunk('chatcmpl-7', undefined, { usage: plain }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'vLLM: a running usage with every chunk',
    body: sse(
      chunk('chatcmpl-v', hello, { usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } }),
      chunk(
        'chatcmpl-v',
        { delta: { content: '!' } },
        { usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
      ),
      chunk('chatcmpl-v', stop, { usage: { ...plain, prompt_tokens_details: null } }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'llama.cpp: timings beside the usage, comments in between',
    body: `: ok\n\n${sse(
      chunk('chatcmpl-l', hello),
      chunk('chatcmpl-l', stop),
      chunk('chatcmpl-l', undefined, { usage: plain, timings: { predicted_n: 3 } }),
      '[DONE]',
    )}`,
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'LocalAI: zeros in every chunk but one',
    body: sse(
      chunk('1', hello, { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
      chunk('1', stop, { usage: plain }),
      chunk('1', undefined, { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'OpenRouter: comments while it waits, cost, what was written to the cache',
    body: `: OPENROUTER PROCESSING\n\n${sse(
      chunk('gen-1', { delta: { role: 'assistant', content: '', reasoning: 'hm' } }),
      chunk('gen-1', hello),
      chunk('gen-1', { ...stop, native_finish_reason: 'STOP' }),
      chunk(
        'gen-1',
        { delta: { role: 'assistant', content: '' } },
        {
          usage: {
            prompt_tokens: 100,
            completion_tokens: 30,
            total_tokens: 130,
            cost: 0.0001,
            prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
            completion_tokens_details: { reasoning_tokens: 20 },
          },
        },
      ),
      '[DONE]',
    )}`,
    means: [100, 60, 30, 30, 20, 130],
    responseId: 'gen-1',
  },
  {
    server: 'LiteLLM: the names of Anthropic beside those of OpenAI',
    body: sse(
      chunk('chatcmpl-t', hello),
      chunk('chatcmpl-t', stop),
      chunk('chatcmpl-t', undefined, {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 5,
          total_tokens: 105,
          prompt_tokens_details: { cached_tokens: 60 },
          cache_creation_input_tokens: 30,
          cache_read_input_tokens: 60,
        },
      }),
      '[DONE]',
    ),
    means: [100, 60, 30, 5, '-', 105],
  },
  {
    server: 'Groq: usage in x_groq',
    body: sse(
      chunk('chatcmpl-g', hello, { x_groq: { id: 'req_1' } }),
      chunk('chatcmpl-g', stop, { x_groq: { id: 'req_1', usage: { ...plain, queue_time: 0.1, total_time: 0.2 } } }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'DeepSeek: hits and misses of the cache',
    body: sse(
      chunk('d-1', { delta: { role: 'assistant', reasoning_content: 'hm' } }),
      chunk('d-1', { delta: { content: 'Hello' } }),
      chunk('d-1', stop, {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 40,
          total_tokens: 140,
          prompt_cache_hit_tokens: 64,
          prompt_cache_miss_tokens: 36,
          completion_tokens_details: { reasoning_tokens: 25 },
        },
      }),
      '[DONE]',
    ),
    means: [100, 64, '-', 40, 25, 140],
  },
  {
    server: 'Moonshot: usage in the choice',
    body: sse(
      chunk('cmpl-m', hello),
      chunk('cmpl-m', {
        ...stop,
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110, cached_tokens: 64 },
      }),
      '[DONE]',
    ),
    means: [100, 64, '-', 10, '-', 110],
  },
  {
    server: 'xAI: reasoning beside the output',
    body: sse(
      chunk('x-1', hello),
      chunk('x-1', stop, {
        usage: {
          prompt_tokens: 12,
          completion_tokens: 1,
          total_tokens: 399,
          prompt_tokens_details: { cached_tokens: 11 },
          completion_tokens_details: { reasoning_tokens: 386 },
        },
      }),
      '[DONE]',
    ),
    means: [12, 11, '-', 387, 386, 399],
  },
  {
    server: 'Gemini, compatible endpoint: thoughts in the total alone, no output',
    body: sse(
      chunk(
        'g-1',
        { delta: { role: 'assistant' }, finish_reason: 'length' },
        { usage: { prompt_tokens: 21, total_tokens: 81 } },
      ),
      '[DONE]',
    ),
    means: [21, '-', '-', 60, '-', 81],
  },
  {
    server: 'Bedrock, compatible endpoint: neither an end of the list nor a reason',
    body: sse(chunk('chatcmpl-b', hello), chunk('chatcmpl-b', { delta: {} }, { usage: plain })),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'mlx: the names of the Responses API',
    body: sse(
      chunk('m-1', hello),
      chunk('m-1', stop, { usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 } }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'a proxy with another id for every chunk',
    body: sse(
      chunk('1', hello),
      chunk('2', stop, { usage: plain }),
      chunk('3', { ...stop, delta: { role: 'assistant', content: '' } }, { usage: plain }),
      '[DONE]',
    ),
    means: [9, '-', '-', 3, '-', 12],
  },
  {
    server: 'a server that reports no usage',
    body: sse(chunk('n-1', hello), chunk('n-1', { delta: {} }), '[DONE]'),
    means: undefined,
  },
  {
    server: 'Anthropic: usage in two parts, caches beside the input',
    body: named(
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'the-model',
          content: [],
          usage: { input_tokens: 10, cache_read_input_tokens: 300, cache_creation_input_tokens: 20, output_tokens: 1 },
        },
      } as { type: string },
      { type: 'ping' },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } } as { type: string },
      { type: 'content_block_stop', index: 0 } as { type: string },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 10 } } as { type: string },
      { type: 'message_stop' },
    ),
    means: [330, 300, 20, 10, '-', 340],
    responseId: 'msg_1',
  },
];
