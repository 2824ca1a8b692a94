import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { bodyOf, readAll, streamOf } from './response-streams.ts';

const created = { type: 'response.created', response: { id: 'r' } };
const text = { id: 'c', choices: [{ index: 0, delta: { content: 'a' } }] };
const usage = { id: 'c', choices: [], usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } };
const message = 'secret: no more';
const body = (event: object) => bodyOf(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));

describe('an error in a stream', () => {
  it.each<[string, readonly object[], string]>([
    [
      'flat, of the Responses API',
      [created, { type: 'error', code: 'rate_limit_exceeded', message }],
      'rate_limit_exceeded',
    ],
    ['nested', [created, { type: 'error', error: { type: 'overloaded_error', message } }], 'overloaded_error'],
    ['response.error', [created, { type: 'response.error', error: { code: 'upstream', message } }], 'upstream'],
    ['of a chat server', [text, { error: { message, type: 'BadRequestError', code: 400 } }], 'BadRequestError'],
    ['before anything else', [{ error: { message, code: 503 } }], '503'],
    ['a bare string', [text, { error: message }], '_OTHER'],
    ['true', [text, { error: true, message, code: 'quota' }], 'quota'],
    ['a number beside the message', [text, { error: 500, message, code: 'internal' }], 'internal'],
    ['in a choice', [text, { id: 'c', choices: [{ error: { code: 502, message }, finish_reason: 'error' }] }], '502'],
    [
      'in another choice',
      [text, { id: 'c', choices: [{ index: 0 }, { index: 1, error: { code: 502, message } }] }],
      '502',
    ],
    ['beside an empty choice', [text, { id: 'c', choices: [], error: { code: 502, message } }], '502'],
    ['an object that names itself an error', [text, { object: 'error', message, code: 'bad' }], 'bad'],
    ['flat, without such a name', [text, { message, code: 'bad' }], 'bad'],
    ['of FastAPI', [text, { detail: message }], '_OTHER'],
    ['in a list of errors', [text, { success: false, errors: [{ code: 'bad', message }] }], 'bad'],
    ['in a list of events, of Gemini', [[{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message } }]], '429'],
    ['in a list, with its type', [[{ type: 'response.error', error: { code: 'upstream', message } }]], 'upstream'],
    ['without success', [text, { success: false, message }], '_OTHER'],
    ['with its status', [text, { status: 'error', message }], '_OTHER'],
    ['of MiniMax', [text, { choices: null, base_resp: { status_code: 1004, status_msg: message } }], '_OTHER'],
    ['of Baidu', [text, { error_code: 17, error_msg: message }], '_OTHER'],
    ['of DashScope', [text, { code: 'Throttling', msg: message }], 'Throttling'],
    [
      'of Anthropic',
      [
        { type: 'message_start', message: {} },
        { type: 'error', error: { type: 'api_error', message } },
      ],
      'api_error',
    ],
    [
      'of the AI SDK',
      [{ type: 'start-step' }, { type: 'error', error: Object.assign(new Error(message), { name: 'AI_RetryError' }) }],
      'AI_RetryError',
    ],
    ['of a UI stream', [{ type: 'start' }, { type: 'error', errorText: message }], '_OTHER'],
  ])('%s: fails its response, once, when it comes', async (_what, events, type) => {
    const fake = fakeSession();
    await readAll(fake.startTurn().observeResponse(streamOf(events)));
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status)).toEqual([{ code: SpanStatusCode.ERROR }]);
    expect(fake.spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe(type);
    expect(fake.spansNamed('handle_responses').at(-1)?.attributes).toMatchObject({
      'codex.response.event': 'error',
      'error.type': type,
    });
    const [failure, ...others] = fake.told('sseEventFailed');
    expect(others).toEqual([]);
    expect(JSON.stringify(failure?.error instanceof Error ? failure.error.message : failure?.error)).toContain(message);
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
    expect(JSON.stringify(fake.spans().map(({ attributes, events: ofSpan }) => [attributes, ofSpan]))).not.toContain(
      'secret',
    );
  });

  it.each([
    ['named by the transport', 'event: error\ndata: {"message":"no more"}\n\n', { message: 'no more' }],
    ['named by the transport, nested', 'event: error\ndata: {"error":{"code":"x"}}\n\n', { code: 'x' }],
    ['named by the transport, as text', 'event: error\ndata: no more\n\n', 'no more'],
    ['named by the transport, as JSON text', 'event: error\ndata: "no more"\n\n', '"no more"'],
  ])('is recognised by the name of the event: %s', async (_what, sse, error) => {
    const fake = fakeSession();
    await readAll(fake.startTurn().observeSse(bodyOf(new TextEncoder().encode(sse))));
    expect(fake.told('sseEventFailed')).toMatchObject([{ eventKind: 'error', error }]);
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });

  it('is found in a body that is one document instead of a stream', async () => {
    const fake = fakeSession();
    const error = { code: 429, message };
    const pieces = ['{"error":', `${JSON.stringify(error)}}`].map((piece) => new TextEncoder().encode(piece));
    expect(await readAll(fake.startTurn().observeSse(bodyOf(...pieces)))).toEqual([]);
    expect(fake.told('sseEventFailed')).toMatchObject([{ error }]);
    expect(fake.spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe('429');
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });

  it('is found in a document that is a list, as Gemini sends it', async () => {
    const fake = fakeSession();
    const error = { code: 429, message };
    await readAll(
      fake.startTurn().observeSse(bodyOf(new TextEncoder().encode(`\n${JSON.stringify([{ error }], null, 1)}`))),
    );
    expect(fake.told('sseEventFailed')).toMatchObject([{ error }]);
  });

  it('is not found in a document that is the whole answer of a server', async () => {
    const usage = { input_tokens: 40, output_tokens: 6, total_tokens: 46 };
    for (const answer of [
      { object: 'response', id: 'r', status: 'completed', output: [], usage },
      { type: 'message', id: 'm', content: [], stop_reason: 'end_turn', usage: { input_tokens: 40, output_tokens: 6 } },
    ]) {
      const fake = fakeSession();
      const turn = fake.startTurn();
      await readAll(turn.observeSse(bodyOf(new TextEncoder().encode(JSON.stringify(answer)))));
      expect(turn.end().totalTokens).toBe(46);
      expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
      expect(fake.told('sseEventFailed')).toEqual([]);
    }
  });

  it('keeps the usage that comes with it or after it', async () => {
    for (const events of [
      [text, { error: { code: 502, message } }, usage],
      [text, { ...usage, error: { code: 502, message } }],
    ]) {
      const fake = fakeSession();
      const turn = fake.startTurn();
      await readAll(turn.observeChatCompletion(streamOf(events)));
      expect(turn.end().totalTokens).toBe(10);
      expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.ERROR]);
      expect(fake.told('sseEventFailed')).toHaveLength(1);
    }
  });

  it('is not recorded again when the client throws it', async () => {
    const fake = fakeSession();
    const failing = async function* () {
      yield created;
      yield { type: 'error', code: 'x', message };
      throw new Error(message);
    };
    await expect(readAll(fake.startTurn().observeResponse(failing()))).rejects.toThrow(message);
    expect([...fake.told('sseEventFailed'), ...fake.told('logSseEvent').filter(({ error }) => error)]).toHaveLength(1);
  });

  it.each([
    { ...text, error: null },
    { ...text, error: false },
    { ...text, error: '' },
    { ...text, error: 0 },
    { ...text, errors: [] },
    { ...text, success: true, status: 'ok' },
    { ...text, base_resp: { status_code: 0, status_msg: '' } },
    { code: 0, message: 'Success', usage: usage.usage },
    { status_code: 200, code: '', message: '', output: { text: 'a' } },
    { code: 'OK', message: 'done' },
    { code: 20_000, message: 'Ok' },
    { message_type: 'tool_return_message', status: 'error', tool_return: 'no file', name: 'secret' },
    { success: false, result: 'of a tool' },
    [{ type: 'tool', status: 'error', name: 'search', content: '404', message: 'of a tool' }, {}],
  ])('is not found in %j', async (event) => {
    const fake = fakeSession();
    await readAll(fake.startTurn().observeSse(body(event)));
    expect(fake.told('sseEventFailed')).toEqual([]);
  });
});

describe('a retry after an error on one socket', () => {
  const error = { type: 'error', status: 400, error: { code: 'previous_response_not_found', message } };
  const done = {
    type: 'response.completed',
    response: { id: 'b', usage: { input_tokens: 4, output_tokens: 2, total_tokens: 6 } },
  };
  it.each([
    ['that is reported', true],
    ['that is not reported', false],
  ])('is another response, after a request %s', async (_what, told) => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    const socket = turn.observeWebsocket();
    socket.request();
    socket.message(JSON.stringify(error));
    if (told) socket.request();
    for (const event of [{ type: 'response.created', response: { id: 'b' } }, done])
      socket.message(JSON.stringify(event));
    socket.close(1000);
    expect(turn.end().totalTokens).toBe(6);
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
    expect(fake.told('sseEventCompletedFailed')).toHaveLength(1);
  });
});
