import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import OpenAI from 'openai';
import { fakeSession } from './fake-session.ts';
import type { ModelAnswer, ModelServer } from './model-server.ts';
import { startModelServer } from './model-server.ts';
import { ANSWER, FAILURE, readAll, responseEnd, responseUsage, sseBytes, TOOL_CALL } from './response-streams.ts';

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function clientOf(...answers: readonly ModelAnswer[]): Promise<OpenAI> {
  server = await startModelServer(answers);
  return new OpenAI({ apiKey: 'test', baseURL: `${server.url}/v1`, maxRetries: 1 });
}

const streaming = (events: typeof ANSWER): ModelAnswer => ({ kind: 'stream', pieces: [sseBytes(events)] });

/** An answer with the indices and snapshots that the package's own bookkeeping needs. */
const text = { type: 'output_text', text: 'Hello', annotations: [] };
const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [text] };
const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const empty = { type: 'output_text', text: '', annotations: [] };
const WHOLE: typeof ANSWER = [
  { type: 'response.created', response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] } },
  { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
  { type: 'response.content_part.added', ...at, part: empty },
  { type: 'response.output_text.delta', ...at, delta: 'Hello' },
  { type: 'response.output_text.done', ...at, text: 'Hello' },
  { type: 'response.content_part.done', ...at, part: text },
  { type: 'response.output_item.done', output_index: 0, item: message },
  responseEnd('response.completed', {
    object: 'response',
    status: 'completed',
    output: [message],
    usage: responseUsage(3, 1, 5, 2),
  }),
];
const ask = { model: 'gpt-5.6-sol', input: 'hello', stream: true } as const;

describe('the openai package, Responses API', () => {
  it('streams as without telemetry, and records a turn with its usage', async () => {
    const client = await clientOf(streaming(TOOL_CALL), streaming(ANSWER));
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const tool = await readAll(turn.observeResponse(await client.responses.create(ask)));
    await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{"cmd":"ls"}' }, () => 'file');
    const answer = await readAll(turn.observeResponse(await client.responses.create(ask)));
    expect(turn.end().totalTokens).toBe(128);
    expect([tool.length, answer.length]).toEqual([TOOL_CALL.length, ANSWER.length]);
    expect(told('sseEventCompleted')).toHaveLength(2);
    expect(spansNamed('session_task.turn')[0]?.attributes['codex.turn.token_usage.total_tokens']).toBe(128);
  });

  it('returns the same kind of stream', async () => {
    const client = await clientOf(streaming(ANSWER), streaming(ANSWER), streaming(ANSWER));
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const stream = await client.responses.create(ask);
    const observed = turn.observeResponse(stream);
    expect(observed).toBe(stream);
    expect(observed.controller).toBeInstanceOf(AbortController);

    const [left, right] = observed.tee();
    expect(await Promise.all([readAll(left), readAll(right)])).toEqual([ANSWER, ANSWER].map((events) => [...events]));
    expect(told('sseEventCompleted')).toHaveLength(1);

    const readable = startTurn()
      .observeResponse(await client.responses.create(ask))
      .toReadableStream();
    const lines = (await new Response(readable as ReadableStream<Uint8Array>).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(2);

    const twice = startTurn().observeResponse(await client.responses.create(ask));
    await readAll(twice);
    await expect(readAll(twice)).rejects.toThrow(/consumed/);
    expect(told('sseEventCompleted')).toHaveLength(3);
  });

  it('supports the helper that collects the final response', async () => {
    const client = await clientOf(streaming(WHOLE));
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const stream = turn.observeResponse(client.responses.stream({ model: 'gpt-5.6-sol', input: 'hello' }));
    expect(await readAll(stream)).toHaveLength(WHOLE.length);
    expect((await stream.finalResponse()).id).toBe('resp_1');
    expect(turn.end().totalTokens).toBe(8);
    expect(told('logSseEvent')).toHaveLength(WHOLE.length);
  });

  it('supports a helper that nobody iterates over', async () => {
    const client = await clientOf(streaming(WHOLE));
    const { startTurn, told, spansNamed } = fakeSession();
    const turn = startTurn();
    const stream = turn.observeResponse(client.responses.stream({ model: 'gpt-5.6-sol', input: 'hello' }));
    const deltas: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    expect((await stream.finalResponse()).id).toBe('resp_1');
    expect(turn.end().totalTokens).toBe(8);
    expect(deltas).toEqual(['Hello']);
    expect(told('logSseEvent')).toHaveLength(WHOLE.length);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    expect(spansNamed('receiving_stream')).toHaveLength(1);
  });

  it.each([
    ['is awaited', (stream: { finalResponse(): Promise<unknown> }) => stream.finalResponse()],
    ['is iterated over', (stream: AsyncIterable<unknown>) => readAll(stream)],
  ])('throws and records the error of its helper when it %s', async (_how, consume) => {
    const client = await clientOf({ kind: 'broken', pieces: [sseBytes(ANSWER.slice(0, 3))] });
    const { startTurn, told, spansNamed } = fakeSession();
    const turn = startTurn();
    const stream = turn.observeResponse(client.responses.stream({ model: 'gpt-5.6-sol', input: 'hello' }));
    const error = await consume(stream).catch((reason: unknown) => reason);
    turn.end({ status: 'failed', error });
    expect(told('logSseEvent').at(-1)?.error).toBe(error);
    expect(spansNamed('receiving_stream')[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('has not failed when its helper is aborted', async () => {
    const client = await clientOf({ kind: 'hanging', pieces: [sseBytes(WHOLE.slice(0, 4))] });
    const { startTurn, told, spansNamed } = fakeSession();
    const stream = startTurn().observeResponse(client.responses.stream({ model: 'gpt-5.6-sol', input: 'hello' }));
    stream.on('response.output_text.delta', () => stream.abort());
    await expect(stream.finalResponse()).rejects.toThrow(/aborted/);
    expect(told('logSseEvent')).toHaveLength(4);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    expect(spansNamed('receiving_stream')[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('shows retries of the client only as time', async () => {
    const client = await clientOf({ kind: 'status', status: 503 }, streaming(ANSWER));
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(await client.responses.create(ask)));
    expect(server?.requests).toHaveLength(2);
    expect(turn.end().totalTokens).toBe(8);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('throws and records its own error for a failed response', async () => {
    const client = await clientOf(streaming(FAILURE));
    const { startTurn, told, spansNamed } = fakeSession();
    const turn = startTurn();
    const reading = readAll(turn.observeResponse(await client.responses.create(ask)));
    await expect(reading).rejects.toMatchObject({ code: 'insufficient_quota' });
    turn.end({ status: 'failed' });
    expect(told('logSseEvent').at(-1)).toMatchObject({ error: { code: 'insufficient_quota' } });
    expect(spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe('insufficient_quota');
    expect(told('sseEventCompleted')).toEqual([]);
  });

  it('cancels its request when the consumer leaves', async () => {
    const client = await clientOf({ kind: 'hanging', pieces: [sseBytes(ANSWER.slice(0, 5))] });
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const stream = turn.observeResponse(await client.responses.create(ask));
    for await (const event of stream) {
      if (event.type === 'response.in_progress') break;
    }
    expect(stream.controller.signal.aborted).toBe(true);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    turn.end();
  });

  it('ends without failure when its controller aborts it', async () => {
    const client = await clientOf({ kind: 'hanging', pieces: [sseBytes(ANSWER.slice(0, 5))] });
    const { startTurn, told } = fakeSession();
    const abort = new AbortController();
    const turn = startTurn({ signal: abort.signal });
    const stream = turn.observeResponse(await client.responses.create(ask));
    abort.signal.addEventListener('abort', () => stream.controller.abort());
    let received = 0;
    for await (const _event of stream) {
      received += 1;
      if (received === 5) abort.abort();
    }
    expect(received).toBe(5);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    expect(told('logSseEvent')).toHaveLength(5);
  });

  it('throws and records a broken connection', async () => {
    const client = await clientOf({ kind: 'broken', pieces: [sseBytes(ANSWER.slice(0, 3))] });
    const { startTurn, told } = fakeSession();
    const reading = readAll(startTurn().observeResponse(await client.responses.create(ask)));
    await expect(reading).rejects.toBeDefined();
    expect(told('logSseEvent').at(-1)?.error).toBeDefined();
    expect(told('sseEventCompletedFailed')).toHaveLength(1);
  });
});

describe('the openai package, Chat Completions API', () => {
  const chunk = (choices: readonly object[], more: object = {}) => {
    const data = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'gpt-5.6-sol',
      choices,
      ...more,
    };
    return `data: ${JSON.stringify(data)}\n\n`;
  };
  const usage = {
    prompt_tokens: 100,
    prompt_tokens_details: { cached_tokens: 64 },
    completion_tokens: 20,
    total_tokens: 120,
  };
  const pieces = [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    chunk([{ index: 0, delta: { content: 'Hello' }, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage }),
    'data: [DONE]\n\n',
  ];

  it('records the usage of its last chunk', async () => {
    const client = await clientOf({ kind: 'stream', pieces });
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    const stream = await client.chat.completions.create({
      model: 'gpt-5.6-sol',
      messages: [{ role: 'user', content: 'hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const observed = turn.observeChatCompletion(stream);
    expect(observed).toBe(stream);
    expect(await readAll(observed)).toHaveLength(4);
    expect(turn.end()).toMatchObject({ inputTokens: 100, cachedInputTokens: 64, outputTokens: 20, totalTokens: 120 });
    expect(spansNamed('handle_responses').at(-1)?.attributes['gen_ai.response.id']).toBe('chatcmpl-1');
  });

  it('records the same with a helper that nobody iterates over', async () => {
    const client = await clientOf({ kind: 'stream', pieces });
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const stream = client.chat.completions.stream({
      model: 'gpt-5.6-sol',
      messages: [{ role: 'user', content: 'hello' }],
      stream_options: { include_usage: true },
    });
    const completion = await turn.observeChatCompletion(stream).finalChatCompletion();
    expect(completion.usage?.total_tokens).toBe(120);
    expect(turn.end().totalTokens).toBe(120);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });
});

describe('plain fetch', () => {
  it('records the same telemetry for the same answer', async () => {
    server = await startModelServer([
      { kind: 'stream', pieces: [...sseBytes(ANSWER)].map((byte) => Uint8Array.of(byte)) },
    ]);
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const response = await fetch(`${server.url}/v1/responses`, { method: 'POST', body: JSON.stringify(ask) });
    expect(await readAll(turn.observeSse(response))).toEqual(ANSWER);
    expect(turn.end().totalTokens).toBe(8);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
  });

  it('throws when the connection breaks', async () => {
    server = await startModelServer([{ kind: 'broken', pieces: [sseBytes(ANSWER.slice(0, 3))] }]);
    const { startTurn, told } = fakeSession();
    const response = await fetch(`${server.url}/v1/responses`, { method: 'POST' });
    await expect(readAll(startTurn().observeSse(response))).rejects.toThrow('terminated');
    expect(told('logSseEvent').at(-1)?.error).toBeDefined();
  });

  it('closes the connection when the consumer leaves', async () => {
    server = await startModelServer([{ kind: 'hanging', pieces: [sseBytes(ANSWER.slice(0, 3))] }]);
    const { startTurn, spansNamed } = fakeSession();
    const response = await fetch(`${server.url}/v1/responses`, { method: 'POST' });
    for await (const _event of startTurn().observeSse(response)) break;
    expect(spansNamed('receiving_stream')).toHaveLength(1);
    expect(response.bodyUsed).toBe(true);
  });
});
