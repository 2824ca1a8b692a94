import { describeIfPresent, recordedEvents, recordedStreams, recordingsPresent } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { fakeSession } from './fake-session.ts';
import { ANSWER, bodyOf, FAILURE, readAll, sseBytes, streamOf, TOOL_CALL } from './response-streams.ts';
import { telemetryOf } from './telemetry.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('SessionTurn.observeSse', () => {
  it.each([
    ['an answer of fetch', new Response(sseBytes(ANSWER))],
    ['its body', bodyOf(sseBytes(ANSWER))],
    ['an iterable of text', streamOf([new TextDecoder().decode(sseBytes(ANSWER))])],
  ])('reads the events of %s', async (_what, source) => {
    const { startTurn, told } = fakeSession();
    expect(await readAll(startTurn().observeSse(source))).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('gives the same telemetry wherever the bytes are cut', async () => {
    const bytes = sseBytes(ANSWER);
    const whole = await telemetryOf((turn) => readAll(turn.observeSse(bodyOf(bytes))));
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const body = bodyOf(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(await telemetryOf((turn) => readAll(turn.observeSse(body)))).toEqual(whole);
    }
    const single = bodyOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(await telemetryOf((turn) => readAll(turn.observeSse(single)))).toEqual(whole);
  });

  it.each(['\r\n', '\r'])('reads lines that end in %j, comments and fields that mean nothing here', async (end) => {
    const { startTurn } = fakeSession();
    const data = JSON.stringify({ type: 'response.created' });
    const body = [': ping', 'id: 1', 'retry: 10', 'event: response.created', `data: ${data}`, '', ''].join(end);
    expect(await readAll(startTurn().observeSse(bodyOf(bytesOf(body))))).toEqual([{ type: 'response.created' }]);
  });

  it('fails if its source gives no results, instead of asking forever', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const source = { [Symbol.asyncIterator]: () => ({ next: () => 5 }) } as unknown as AsyncIterable<string>;
    await expect(readAll(startTurn().observeSse(source))).rejects.toThrow('the iterator of the source gave 5');
    expect(spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe('TypeError');
  });

  it('reads a whole answer that comes instead of a stream, however long it is', async () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'x'.repeat(200_000) }] }];
    const usage = { input_tokens: 3, output_tokens: 5, total_tokens: 8 };
    const text = JSON.stringify({ object: 'response', id: 'r', status: 'completed', output, usage }, null, 1);
    const turn = fakeSession().startTurn();
    await readAll(turn.observeSse(streamOf(['\n', ...(text.match(/.{1,5000}/gs) ?? [])])));
    expect(turn.end().totalTokens).toBe(8);
  });

  it('records data that is not JSON, and leaves it out', async () => {
    const { startTurn, told } = fakeSession();
    const body = bodyOf(bytesOf('event: response.created\ndata: not-json\n\n'), sseBytes(ANSWER));
    expect(await readAll(startTurn().observeSse(body))).toEqual(ANSWER);
    expect(told('logSseEvent')[0]).toMatchObject({ eventName: 'response.created', data: 'not-json' });
    expect(told('logSseEvent')[0]?.event).toBeUndefined();
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('ends at [DONE]', async () => {
    const { startTurn, told } = fakeSession();
    const body = bodyOf(sseBytes(ANSWER), bytesOf('data:  [DONE] \n\n'), bytesOf('data: {"type":"late"}\n\n'));
    expect(await readAll(startTurn().observeSse(body))).toEqual(ANSWER);
    expect(told('logSseEvent').at(-1)).toMatchObject({ eventName: 'message', data: expect.stringContaining('[DONE]') });
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it.each([
    ['an empty body', bodyOf()],
    ['no body', { body: null }],
    ['a body that ends early', bodyOf(sseBytes(ANSWER.slice(0, 4)))],
    ['a body that ends inside an event', bodyOf(sseBytes(ANSWER).subarray(0, -3))],
  ])('reports for %s that the stream closed too early', async (_what, source) => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeSse(source));
    expect(told('sseEventCompletedFailed')).toMatchObject([
      { error: 'stream disconnected before completion: stream closed before response.completed' },
    ]);
  });

  it.each([
    [
      'the Responses API',
      [
        ['response.created', { response: { id: 'r' } }],
        ['response.completed', { response: { id: 'r', usage: { input_tokens: 9, output_tokens: 1 } } }],
      ],
    ],
    [
      'Anthropic',
      [
        ['message_start', { message: { id: 'm', usage: { input_tokens: 9, output_tokens: 0 } } }],
        ['message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } }],
        ['message_stop', {}],
      ],
    ],
  ] as const)('reads events of %s whose kind is only in the frame', async (_api, events) => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    const sse = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
    expect(await readAll(turn.observeSse(bodyOf(new TextEncoder().encode(sse))))).toEqual(
      events.map(([, data]) => data),
    );
    expect(turn.usage).toMatchObject({ inputTokens: 9, outputTokens: 1 });
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });

  it('is received once if its events are observed again', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    const source = (id: string) =>
      bodyOf(new TextEncoder().encode(`data: ${JSON.stringify({ type: 'response.completed', response: { id } })}\n\n`));
    await readAll(turn.observeResponse(turn.observeSse(source('1'))));
    await readAll(await turn.observeResponse(() => turn.observeSse(source('2'))));
    expect(fake.spans().map(({ name }) => name)).toEqual([
      ...['handle_responses', 'codex.sampling', 'receiving_stream'],
      ...['handle_responses', 'codex.sampling', 'receiving_stream'],
    ]);
  });

  it('throws what the connection threw', async () => {
    const { startTurn, told, spansNamed } = fakeSession();
    const broken = Object.assign(new Error('terminated'), { code: 'UND_ERR_SOCKET' });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(broken);
      },
    });
    await expect(readAll(startTurn().observeSse(body))).rejects.toBe(broken);
    expect(told('logSseEvent')).toMatchObject([{ error: broken }]);
    expect(spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe('UND_ERR_SOCKET');
  });

  it('cancels the body when its consumer leaves', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    let body = new ReadableStream<Uint8Array>();
    const cancelled = new Promise<void>((cancel) => {
      body = new ReadableStream({
        start: (controller) => controller.enqueue(sseBytes(ANSWER)),
        cancel: () => cancel(),
      });
    });
    for await (const _event of startTurn().observeSse(body)) break;
    await cancelled;
    expect(spansNamed('receiving_stream')).toHaveLength(1);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('reads the body no faster than its consumer', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const event = ANSWER[pulled];
          pulled += 1;
          if (event === undefined) controller.close();
          else controller.enqueue(sseBytes([event]));
        },
      },
      { highWaterMark: 0 },
    );
    let received = 0;
    for await (const _event of fakeSession().startTurn().observeSse(body)) {
      received += 1;
      await new Promise(setImmediate);
      expect(pulled).toBe(received);
    }
    expect(received).toBe(ANSWER.length);
  });

  it('gives up when nothing arrives in the given time', async () => {
    const { startTurn, told } = fakeSession();
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(sseBytes(ANSWER.slice(0, 1))),
      cancel: () => {
        cancelled = true;
      },
    });
    const reading = readAll(startTurn().observeSse(body, { idleTimeoutMillis: 10 }));
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError', code: 'SSE_IDLE_TIMEOUT' });
    expect(cancelled).toBe(true);
    expect(told('logSseEvent').at(-1)).toMatchObject({ idleTimeout: true });
    expect(told('sseEventCompletedFailed')).toMatchObject([
      { error: 'stream disconnected before completion: idle timeout waiting for SSE' },
    ]);
  });
});

/** Frames of sockets make no records. The failure of a response makes one, at its first sign. */
function withoutFrames({ spans, calls }: Awaited<ReturnType<typeof telemetryOf>>): unknown {
  const isFrame = ({ method }: { readonly method: string }) => method === 'sseEventFailed' || method === 'logSseEvent';
  return { spans, calls: calls.filter((call) => !isFrame(call)).map(({ method }) => method) };
}

describe('one stream, three ways', () => {
  const streams: readonly (readonly [string, readonly { readonly type: string }[]])[] = [
    ['an answer', ANSWER],
    ['a tool call', TOOL_CALL],
    ['a failure', FAILURE],
    ['two responses', [...TOOL_CALL, ...ANSWER]],
    ['a stream that breaks off', ANSWER.slice(0, 9)],
  ];

  it.each(streams)('%s gives the same telemetry', async (_what, events) => {
    const parsed = await telemetryOf((turn) => readAll(turn.observeResponse(streamOf(events))));
    expect(await telemetryOf((turn) => readAll(turn.observeSse(bodyOf(sseBytes(events)))))).toEqual(parsed);
    const messages = await telemetryOf(async (turn) => {
      const observer = turn.observeWebsocket();
      for (const event of events) observer.message(JSON.stringify(event));
      observer.close();
    });
    expect(withoutFrames(messages)).toEqual(withoutFrames(parsed));
  });
});

describeIfPresent('recorded streams, three ways', recordingsPresent, () => {
  it.each(recordedStreams())(
    '%s',
    async (name) => {
      const events = recordedEvents(name);
      const parsed = await telemetryOf((turn) => readAll(turn.observeResponse(streamOf(events))));
      const bytes = sseBytes(events);
      // Two pieces at every position are tried on the project's own streams; here at as many as a few seconds allow,
      // and then at all positions at once.
      const step = Math.max(1, Math.floor(bytes.length / 30));
      for (let cut = 0; cut < bytes.length; cut += step) {
        const body = bodyOf(bytes.subarray(0, cut), bytes.subarray(cut));
        expect(await telemetryOf((turn) => readAll(turn.observeSse(body)))).toEqual(parsed);
      }
      const single = bodyOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
      expect(await telemetryOf((turn) => readAll(turn.observeSse(single)))).toEqual(parsed);
      const messages = await telemetryOf(async (turn) => {
        const observer = turn.observeWebsocket();
        for (const event of events) observer.message(Buffer.from(JSON.stringify(event)), false);
      });
      expect(withoutFrames(messages)).toEqual(withoutFrames(parsed));
    },
    60_000,
  );
});
