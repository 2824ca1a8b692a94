import { describe, expect, it } from '@jest/globals';
import { fakeSession } from './fake-session.ts';
import { bodyOf, readAll, streamOf } from './response-streams.ts';

const usage = {
  prompt_tokens: 100,
  prompt_tokens_details: { cached_tokens: 64 },
  completion_tokens: 20,
  completion_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 120,
};
const chunk = (choice: object | undefined, more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'gpt-5.6-sol-2026-08-01',
  choices: choice === undefined ? [] : [{ index: 0, finish_reason: null, delta: {}, ...choice }],
  ...more,
});
const CHAT = [
  chunk({ delta: { role: 'assistant', content: '' } }),
  chunk({ delta: { reasoning_content: 'hm' } }),
  chunk({ delta: { content: 'Hello' } }),
  chunk({ delta: { content: ' world' } }),
  chunk({ finish_reason: 'stop' }),
  chunk(undefined, { usage }),
];

describe('SessionTurn.observeChatCompletion', () => {
  it('records the usage of the last chunk as that of a response', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const received = await readAll(turn.observeChatCompletion(streamOf(CHAT)));
    expect(received).toEqual(CHAT);
    expect(turn.end()).toMatchObject({ inputTokens: 100, cachedInputTokens: 64, outputTokens: 20, totalTokens: 120 });
    expect(spansNamed('handle_responses').map((span) => span.attributes['codex.response.event'])).toEqual([
      'created',
      'completed',
    ]);
    expect(spansNamed('handle_responses').at(-1)?.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 100,
      'codex.usage.reasoning_output_tokens': 4,
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.model': 'gpt-5.6-sol-2026-08-01',
    });
    expect(spansNamed('receiving_stream')[0]?.attributes['codex.stream.delta_count']).toBe(3);
    expect(told('sseEventCompleted')).toMatchObject([{ inputTokenCount: 100, toolTokenCount: 120 }]);
    expect(told('recordTurnTtft')).toHaveLength(1);
  });

  it('names the function that is called', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const calls = [
      chunk({ delta: { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'shell', arguments: '' } }] } }),
      chunk({ delta: { tool_calls: [{ index: 0, function: { arguments: '{}' } }] } }),
      chunk({ finish_reason: 'tool_calls' }),
    ];
    await readAll(startTurn().observeChatCompletion(streamOf(calls)));
    expect(spansNamed('handle_responses')[0]?.attributes).toMatchObject({
      'codex.response.event': 'function_call',
      tool_name: 'shell',
      from: 'output_item_added',
    });
  });

  it('is complete without usage if none was requested', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeChatCompletion(streamOf(CHAT.slice(0, -1))));
    turn.end();
    expect(spansNamed('handle_responses').at(-1)?.attributes).toEqual({
      'codex.request.reasoning_effort': 'default',
      'codex.response.event': 'completed',
      'codex.response.receive_wait_ms': expect.any(Number),
    });
    expect(told('sseEventCompleted')).toEqual([]);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('takes the last of a running usage, once', async () => {
    const { startTurn } = fakeSession();
    const running = CHAT.map((each, index) => ({
      ...each,
      usage: { prompt_tokens: 100, completion_tokens: index, total_tokens: 100 + index },
    }));
    const turn = startTurn();
    await readAll(turn.observeChatCompletion(streamOf(running)));
    expect(turn.end().totalTokens).toBe(105);
  });

  it.each([
    ['zeros and times', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, total_time: 0.5 }],
    ['a cost', { cost: 0.01 }],
    ['nothing', {}],
    ['numbers as text', { prompt_tokens: '100', completion_tokens: '20' }],
  ])('keeps its usage when a chunk with %s comes after it', async (_what, last) => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeChatCompletion(streamOf([...CHAT, chunk(undefined, { usage: last })])));
    expect(turn.end().totalTokens).toBe(120);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('is read even if its chunks have a type', async () => {
    const turn = fakeSession().startTurn();
    await readAll(turn.observeChatCompletion(streamOf(CHAT.map((each) => ({ ...each, type: 'chunk' })))));
    expect(turn.end().totalTokens).toBe(120);
  });

  it('distinguishes the completions of a helper that runs tools', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const second = CHAT.map((each) => ({ ...each, id: 'chatcmpl-2' }));
    await readAll(turn.observeChatCompletion(streamOf([...CHAT, ...second])));
    expect(turn.end().totalTokens).toBe(240);
    expect(spansNamed('receiving_stream')).toHaveLength(2);
    const ids = spansNamed('handle_responses').map((span) => span.attributes['gen_ai.response.id']);
    expect(ids).toEqual([undefined, 'chatcmpl-1', undefined, 'chatcmpl-2']);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('counts usage as its own, whatever id comes with it', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    const [last] = CHAT.slice(-1);
    await readAll(turn.observeChatCompletion(streamOf([...CHAT.slice(0, -1), { ...last, id: 'another' }])));
    expect(turn.end().totalTokens).toBe(120);
    expect(spansNamed('receiving_stream')).toHaveLength(1);
  });

  it('has not completed when it breaks off', async () => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeChatCompletion(streamOf(CHAT.slice(0, 3))));
    expect(told('sseEventCompletedFailed')).toHaveLength(1);
  });

  it('records that its usage is malformed', async () => {
    const { startTurn, told, spans } = fakeSession();
    const bad = [...CHAT.slice(0, -1), chunk(undefined, { usage: { ...usage, prompt_tokens: -1 } })];
    await readAll(startTurn().observeChatCompletion(streamOf(bad)));
    expect(told('sseEventCompletedFailed')).toMatchObject([{ error: expect.stringMatching(/usage is malformed/) }]);
    expect(JSON.stringify(spans().map((span) => span.attributes))).not.toContain('gen_ai.usage');
  });

  it('is read from its bytes as well', async () => {
    const { startTurn, told } = fakeSession();
    const text = `${CHAT.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')}data: [DONE]\n\n`;
    const turn = startTurn();
    await readAll(turn.observeSse(bodyOf(new TextEncoder().encode(text))));
    expect(turn.end().totalTokens).toBe(120);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });
});
