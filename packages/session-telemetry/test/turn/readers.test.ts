import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DiagLogLevel, diag, SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { readAll, streamOf } from './response-streams.ts';

const warned = jest.fn<(message: string) => void>();
beforeEach(() => {
  warned.mockClear();
  const silent = () => undefined;
  const logger = { error: silent, warn: warned, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

const aiUsage = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  inputTokenDetails: { cacheReadTokens: 64 },
  outputTokens,
  outputTokenDetails: { reasoningTokens: 4 },
  totalTokens: inputTokens + outputTokens,
});
const step = (id: string, usage: object, finishReason = 'stop') => ({
  type: 'finish-step',
  response: { id, modelId: 'the-model', timestamp: new Date(0) },
  usage,
  finishReason,
});
const raw = (data: object) => ({ type: 'raw_model_stream_event', data });
const model = (event: object) => raw({ type: 'model', event });
const agentUsage = {
  inputTokens: 100,
  inputTokensDetails: { cached_tokens: 64 },
  outputTokens: 20,
  outputTokensDetails: { reasoning_tokens: 4 },
  totalTokens: 120,
};
const responsesUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 64 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 120,
};

describe('a stream of', () => {
  it.each<[string, readonly object[], readonly (string | undefined)[], number]>([
    [
      "the AI SDK's fullStream, of two steps",
      [
        { type: 'start' },
        { type: 'start-step' },
        { type: 'tool-input-start', id: 'c', toolName: 'shell' },
        { type: 'tool-input-delta', id: 'c', delta: '{}' },
        { type: 'tool-call', toolCallId: 'c', toolName: 'shell', input: {} },
        step('a', aiUsage(100, 20), 'tool-calls'),
        { type: 'start-step' },
        { type: 'text-start', id: 't' },
        { type: 'text-delta', id: 't', text: 'Hello' },
        step('b', aiUsage(100, 20)),
        { type: 'finish', finishReason: 'stop', totalUsage: aiUsage(200, 40) },
      ],
      ['created', 'function_call', 'completed', 'created', 'completed'],
      240,
    ],
    [
      "a provider's model of the AI SDK",
      [
        { type: 'stream-start', warnings: [] },
        { type: 'response-metadata', id: 'a', modelId: 'the-model' },
        { type: 'reasoning-delta', id: 'r', delta: 'hm' },
        {
          type: 'finish',
          finishReason: { unified: 'stop', raw: 'stop' },
          usage: { inputTokens: { total: 100, cacheRead: 64 }, outputTokens: { total: 20, reasoning: 4 } },
        },
      ],
      ['created', 'completed'],
      120,
    ],
    [
      '@openai/agents, of a model that hands on what its server sent',
      [
        { type: 'agent_updated_stream_event', agent: {} },
        raw({ type: 'response_started' }),
        model({ type: 'response.created', response: { id: 'a' } }),
        raw({ type: 'output_text_delta', delta: 'Hello' }),
        model({ type: 'response.output_text.delta', delta: 'Hello' }),
        raw({ type: 'response_done', response: { id: 'a', usage: agentUsage } }),
        model({ type: 'response.completed', response: { id: 'a', usage: responsesUsage } }),
        { type: 'run_item_stream_event', name: 'message_output_created', item: {} },
      ],
      ['created', 'completed'],
      120,
    ],
    [
      '@openai/agents over Chat Completions, of two responses',
      ['a', 'b'].flatMap((id) => [
        raw({ type: 'response_started' }),
        model({ id, choices: [{ delta: { content: 'x' } }] }),
        model({ id, choices: [{ delta: {}, finish_reason: 'stop' }] }),
        model({ id, choices: [], usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } }),
        raw({ type: 'response_done', response: { id, usage: agentUsage } }),
      ]),
      ['created', 'completed', 'created', 'completed'],
      240,
    ],
    [
      '@openai/agents, of a model that hands on nothing',
      [
        raw({ type: 'response_started' }),
        raw({ type: 'output_text_delta', delta: 'Hello' }),
        raw({ type: 'response_done', response: { id: 'a', usage: agentUsage } }),
      ],
      ['created', 'completed'],
      120,
    ],
    [
      'Anthropic, with a tool',
      [
        {
          type: 'message_start',
          message: { id: 'm', usage: { input_tokens: 30, cache_read_input_tokens: 70, output_tokens: 1 } },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'thinking' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
        { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', name: 'shell' } },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { input_tokens: 0, output_tokens: 20 } },
        { type: 'message_stop' },
      ],
      ['created', 'function_call', 'completed'],
      120,
    ],
  ])('%s has its responses, with their usage', async (_what, events, names, total) => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    expect(await readAll(turn.observeResponse(streamOf(events)))).toEqual(events);
    expect(turn.end().totalTokens).toBe(total);
    expect(fake.spansNamed('handle_responses').map(({ attributes }) => attributes['codex.response.event'])).toEqual(
      names,
    );
    expect(fake.spansNamed('receiving_stream').every(({ status }) => status.code === SpanStatusCode.UNSET)).toBe(true);
    expect(fake.told('recordTurnTtft')).toHaveLength(1);
    expect([...fake.told('sseEventFailed'), ...fake.told('sseEventCompletedFailed')]).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
  });

  it('a UI, which carries no usage, is complete', async () => {
    const fake = fakeSession();
    const parts = [
      { type: 'start', messageId: 'm' },
      { type: 'start-step' },
      { type: 'text-delta', id: 't', delta: 'x' },
      { type: 'finish-step' },
      { type: 'finish' },
    ];
    await readAll(fake.startTurn().observeResponse(streamOf(parts)));
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
    expect(fake.told('sseEventCompleted')).toEqual([]);
  });

  it('the AI SDK that is aborted has not failed', async () => {
    const fake = fakeSession();
    await readAll(
      fake.startTurn().observeResponse(streamOf([{ type: 'start' }, { type: 'start-step' }, { type: 'abort' }])),
    );
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });

  it('an unknown API passes through, and is reported once with the kinds of its events', async () => {
    const events = [{ type: 'tick' }, { type: 'tick' }, { type: 'a secret, of words' }, { kind: 3 }];
    const fake = fakeSession();
    expect(await readAll(fake.startTurn().observeResponse(streamOf(events)))).toEqual(events);
    const [receiving] = fake.spansNamed('receiving_stream');
    expect(receiving?.status.code).toBe(SpanStatusCode.UNSET);
    expect(receiving?.attributes).toMatchObject({ 'codex.stream.unread': true });
    expect([...fake.told('sseEventFailed'), ...fake.told('sseEventCompletedFailed')]).toEqual([]);
    expect(warned.mock.calls.map(([message]) => message)).toEqual([expect.stringContaining('tick, without type')]);
  });
});

describe('a whole answer of', () => {
  it.each<[string, object, number]>([
    [
      'Anthropic',
      {
        type: 'message',
        id: 'm',
        content: [],
        stop_reason: 'end_turn',
        usage: { input_tokens: 30, cache_read_input_tokens: 70, output_tokens: 20 },
      },
      120,
    ],
    [
      'generateText of the AI SDK',
      { text: 'x', steps: [step('a', aiUsage(100, 20)), step('b', aiUsage(100, 20))], totalUsage: aiUsage(200, 40) },
      240,
    ],
    [
      "a provider's model",
      {
        content: [],
        response: { id: 'a' },
        finishReason: { unified: 'stop' },
        usage: { inputTokens: { total: 100 }, outputTokens: { total: 20 } },
      },
      120,
    ],
    [
      'a run of @openai/agents',
      {
        rawResponses: [
          { responseId: 'a', usage: agentUsage },
          { responseId: 'b', usage: agentUsage },
        ],
      },
      240,
    ],
  ])('%s has the usage of each response', (_what, answer, total) => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    turn.recordResponse(answer);
    turn.recordResponse(answer);
    expect(turn.end().totalTokens).toBe(total);
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });
});

describe('the time to the first token', () => {
  const events = [
    { type: 'response.created', response: { id: 'r' } },
    { type: 'response.output_text.delta', delta: 'x' },
    { type: 'response.completed', response: { id: 'r', usage: responsesUsage } },
  ];

  it('counts from when the request was made, if a function makes it', async () => {
    let moment = 1000;
    const fake = fakeSession();
    const turn = fake.startTurn({ now: () => moment });
    const stream = await turn.observeResponse(async () => {
      moment += 500;
      return streamOf(events);
    });
    moment += 25;
    expect(await readAll(stream)).toEqual(events);
    expect(fake.told('sseEventCompleted')).toMatchObject([{ ttftMillis: 525 }]);
    expect(fake.spansNamed('receiving_stream')[0]?.attributes['codex.stream.ttft_ms']).toBe(525);
  });

  it('records an answer that was not streamed, and hands it out', async () => {
    let moment = 1000;
    const fake = fakeSession();
    const turn = fake.startTurn({ now: () => moment });
    const answer = { object: 'response', id: 'r', status: 'completed', usage: responsesUsage };
    const received = await turn.observeResponse(() => {
      moment += 2000;
      return Promise.resolve(answer);
    });
    expect(received).toBe(answer);
    expect(turn.end().totalTokens).toBe(120);
    expect(fake.spansNamed('receiving_stream')[0]?.duration).toEqual([2, 0]);
  });

  it('records a request that failed, and throws what it threw', async () => {
    const error = Object.assign(new Error('slow down'), { status: 429 });
    const fake = fakeSession();
    await expect(fake.startTurn().observeResponse(() => Promise.reject(error))).rejects.toBe(error);
    await expect(
      fake.startTurn().observeResponse(() => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(fake.spansNamed('receiving_stream').map(({ attributes }) => attributes['error.type'])).toEqual([
      '429',
      '429',
    ]);
    expect(fake.told('logSseEvent')).toMatchObject([{ error }, { error }]);
  });
});

describe("a stream of Anthropic's messages", () => {
  const usage = { input_tokens: 9, output_tokens: 1 };
  const begun = { type: 'message_start', message: { id: 'm', model: 'claude', usage } };
  const block = (content_block: object) => ({ type: 'content_block_start', content_block });
  const delta = (type: string) => ({ type: 'content_block_delta', delta: { type } });
  const stopped = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } };

  it('names each of its events', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const events = [
      begun,
      block({ type: 'text' }),
      delta('text_delta'),
      delta('thinking_delta'),
      block({ type: 'tool_use', name: 'shell' }),
      delta('input_json_delta'),
      delta('signature_delta'),
      stopped,
      { type: 'message_stop' },
    ];
    await readAll(startTurn({ deltaSpans: true }).observeResponse(streamOf(events)));
    expect(spansNamed('handle_responses').map(({ attributes }) => attributes['codex.response.event'])).toEqual([
      'created',
      'text_delta',
      'reasoning_content_delta',
      'function_call',
      'tool_input_delta',
      'completed',
    ]);
    expect(spansNamed('receiving_stream')[0]?.attributes['codex.stream.delta_count']).toBe(4);
  });

  it.each([
    ['after the reason why the model stopped, has lost nothing', [begun, delta('text_delta'), stopped], 13, 0],
    ['before it, was closed too early', [begun, delta('text_delta')], 0, 1],
  ] as const)('that breaks off %s', async (_when, events, totalTokens, failures) => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(events)));
    expect(told('sseEventCompletedFailed')).toHaveLength(failures);
    expect(turn.end().totalTokens).toBe(totalTokens);
  });
});

describe('a stream of Chat Completions', () => {
  const chunk = (created: number, choice: object, more: object = {}) => ({
    ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created, model: 'm' },
    choices: [choice],
    ...more,
  });
  const completion = (created: number) => [
    chunk(created, { delta: { role: 'assistant', content: 'x' } }),
    chunk(created + 1, { delta: {}, finish_reason: 'stop' }, { usage: { prompt_tokens: 9, completion_tokens: 3 } }),
  ];

  it.each([
    ['the same response', 5, 12],
    ['another one, to which the server gave an id that it had used before', 6, 24],
  ])('that comes a second time is %s', async (_what, created, totalTokens) => {
    const { startTurn } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(completion(5))));
    await readAll(turn.observeResponse(streamOf(completion(created))));
    expect(turn.end().totalTokens).toBe(totalTokens);
  });
});
