import { describe, expect, it } from '@jest/globals';
import { diag, SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { ANSWER, readAll, streamOf, TOOL_CALL } from './response-streams.ts';

/** A source that counts how often it was asked, and remembers how it ended. */
function countedSource(events: readonly { readonly type: string }[]) {
  const seen = { asked: 0, returned: 0 };
  const source = {
    [Symbol.asyncIterator]() {
      return {
        async next() {
          const value = events[seen.asked];
          seen.asked += 1;
          return value === undefined ? { done: true as const, value: undefined } : { done: false as const, value };
        },
        async return() {
          seen.returned += 1;
          return { done: true as const, value: undefined };
        },
      };
    },
  };
  return { source, seen };
}

describe('a stream that is observed', () => {
  it('is asked for an event only when its consumer asks', async () => {
    const { source, seen } = countedSource(ANSWER);
    let received = 0;
    for await (const _event of fakeSession().startTurn().observeResponse(source)) {
      received += 1;
      await new Promise(setImmediate);
      expect(seen.asked).toBe(received);
    }
    expect(received).toBe(ANSWER.length);
  });

  it('does not fail when its consumer leaves', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const { source, seen } = countedSource(ANSWER);
    const turn = startTurn();
    for await (const event of turn.observeResponse(source)) {
      if (event.type === 'response.output_text.delta') break;
    }
    expect(seen.returned).toBe(1);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    expect(spansNamed('receiving_stream')[0]?.attributes['codex.stream.delta_count']).toBe(2);
    expect(spansNamed('receiving_stream')[0]?.status.code).toBe(SpanStatusCode.UNSET);
    turn.end();
  });

  it('does not fail when its consumer throws, and passes the error on', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const { source, seen } = countedSource(ANSWER);
    const mine = new Error('consumer');
    const consume = async () => {
      for await (const _event of startTurn().observeResponse(source)) throw mine;
    };
    await expect(consume()).rejects.toBe(mine);
    expect(seen.returned).toBe(1);
    expect(spansNamed('receiving_stream')).toHaveLength(1);
  });

  it('throws what it threw, and the failure is recorded with the wait for it', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const broken = Object.assign(new Error('secret: connection reset'), { code: 'ECONNRESET' });
    async function* source() {
      yield* ANSWER.slice(0, 2);
      throw broken;
    }
    const turn = startTurn();
    await expect(readAll(turn.observeResponse(source()))).rejects.toBe(broken);
    expect(told('logSseEvent').at(-1)).toMatchObject({ error: broken, durationMillis: expect.any(Number) });
    const [receiving] = spansNamed('receiving_stream');
    expect(receiving?.attributes['error.type']).toBe('ECONNRESET');
    expect(receiving?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(spansNamed('handle_responses').at(-1)?.attributes['codex.response.event']).toBeUndefined();
    expect(told('sseEventCompletedFailed')).toEqual([
      { error: 'stream disconnected before completion: secret: connection reset', errorType: 'ECONNRESET' },
    ]);
    turn.end();
  });

  it.each(['rejects', 'throws at once'])(
    'whose iterator %s fails for its consumer, and is recorded as failed',
    async (way) => {
      const { startTurn, spansNamed, told } = fakeSession();
      const broken = new Error('broken');
      const next = () => {
        if (way === 'rejects') return Promise.reject(broken);
        throw broken;
      };
      const turn = startTurn();
      await expect(readAll(turn.observeResponse({ [Symbol.asyncIterator]: () => ({ next }) }))).rejects.toBe(broken);
      expect(told('logSseEvent')).toMatchObject([{ error: broken }]);
      expect(spansNamed('receiving_stream')[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
      turn.end();
    },
  );

  it('may be a synchronous generator', async () => {
    const { startTurn } = fakeSession();
    function* source() {
      yield* ANSWER;
      throw new Error('broken');
    }
    const turn = startTurn();
    const events: unknown[] = [];
    const consume = async () => {
      const stream = turn.observeResponse(source() as object as AsyncIterable<{ readonly type: string }>);
      for await (const event of stream) if (events.push(event) > ANSWER.length) break;
    };
    await expect(consume()).rejects.toThrow('broken');
    expect(events).toEqual(ANSWER);
    expect(turn.end().totalTokens).toBe(8);
  });

  it('may give its results without promises', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const results = ANSWER.values();
    const source: AsyncIterable<object> = {
      [Symbol.asyncIterator]: () => ({ next: () => results.next() as never }), // as some libraries do
    };
    const turn = startTurn();
    expect(await readAll(turn.observeResponse(source))).toEqual(ANSWER);
    expect(spansNamed('receiving_stream')[0]?.attributes['codex.stream.delta_count']).toBe(4);
    turn.end();
  });

  it('counts what it delivers once, however often it is read', async () => {
    const { startTurn, told } = fakeSession();
    const again = { [Symbol.asyncIterator]: () => streamOf(ANSWER) };
    const turn = startTurn();
    const observed = turn.observeResponse(again);
    await readAll(observed);
    expect(await readAll(observed)).toHaveLength(ANSWER.length);
    expect(turn.usage.totalTokens).toBe(8);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('counts what it delivers once when two read it at a time', async () => {
    const { startTurn, told } = fakeSession();
    const again = { [Symbol.asyncIterator]: () => streamOf(ANSWER) };
    const turn = startTurn();
    const observed = turn.observeResponse(again);
    await Promise.all([readAll(observed), readAll(observed)]);
    expect(turn.usage.totalTokens).toBe(8);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
  });

  it('counts what it delivers once when one of its readers uses another', async () => {
    const { startTurn, told } = fakeSession();
    const stream = {
      iterator: () => streamOf(ANSWER),
      async *[Symbol.asyncIterator]() {
        for await (const event of { [Symbol.asyncIterator]: () => this.iterator() }) yield event;
      },
    };
    const turn = startTurn();
    expect(await readAll(turn.observeResponse(stream))).toHaveLength(ANSWER.length);
    expect(turn.usage.totalTokens).toBe(8);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
  });

  it('lists no further properties, and its methods can be replaced again', async () => {
    const { startTurn, told } = fakeSession();
    const stream = streamOf(ANSWER);
    const listed = Object.keys(stream);
    void startTurn().observeResponse(stream);
    expect(Object.keys(stream)).toEqual(listed);
    const next = stream.next.bind(stream);
    let asked = 0;
    stream.next = () => {
      asked += 1;
      return next();
    };
    expect(await readAll(stream)).toHaveLength(ANSWER.length);
    expect(asked).toBe(ANSWER.length + 1);
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(Object.getOwnPropertyDescriptor(stream, 'return')).toMatchObject({ configurable: true, writable: true });
  });

  it('may be a generator that is read without an iterator', async () => {
    const { startTurn, told } = fakeSession();
    const stream = startTurn().observeResponse(streamOf(ANSWER));
    for (let result = await stream.next(); !result.done; result = await stream.next()) {
      expect(result.value.type).toBeDefined();
    }
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it.each(['iterator', 'reader'])('may be a ReadableStream that is read by %s', async (way) => {
    const { startTurn, told } = fakeSession();
    const source = new ReadableStream<{ readonly type: string }>({
      start(controller) {
        for (const event of ANSWER) controller.enqueue(event);
        controller.close();
      },
    });
    const stream = startTurn().observeResponse(source);
    expect(stream).toBe(source);
    if (way === 'iterator') {
      expect(await readAll(stream)).toHaveLength(ANSWER.length);
    } else {
      const reader = stream.getReader();
      const events: unknown[] = [];
      for (let result = await reader.read(); !result.done; result = await reader.read()) events.push(result.value);
      expect(events).toEqual(ANSWER);
    }
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
  });

  const readable = () =>
    new ReadableStream<{ readonly type: string }>({
      start(controller) {
        for (const event of ANSWER) controller.enqueue(event);
        controller.close();
      },
    });

  it('counts a teed ReadableStream once, whichever half is left early', async () => {
    const { startTurn, told } = fakeSession();
    const [left, right] = startTurn().observeResponse(readable()).tee();
    const reader = left.getReader();
    expect(await reader.read()).toEqual({ done: false, value: ANSWER[0] });
    const cancelled = reader.cancel(); // settles with the other half
    expect(await readAll(right)).toEqual(ANSWER);
    await cancelled;
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
  });

  it('may be a ReadableStream that is piped', async () => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const types = new TransformStream<{ readonly type: string }, string>({
      transform: (event, controller) => controller.enqueue(event.type),
    });
    const piped = turn.observeResponse(readable()).pipeThrough(types);
    expect(await readAll(piped)).toEqual(ANSWER.map(({ type }) => type));
    const written: unknown[] = [];
    const sink = new WritableStream({ write: (event) => void written.push(event) });
    await startTurn().observeResponse(readable()).pipeTo(sink);
    expect(written).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(2);
  });

  it('refuses to be piped while it is locked', async () => {
    const stream = fakeSession().startTurn().observeResponse(readable());
    stream.getReader();
    await expect(stream.pipeTo(new WritableStream())).rejects.toThrow(/locked/);
    expect(() => stream.tee()).toThrow(/locked/);
  });

  it('that was not awaited is named on diag', () => {
    const warnings: string[] = [];
    const ignore = () => undefined;
    const warn = (message: string) => void warnings.push(message);
    const logger = { warn, error: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger(logger, { suppressOverrideMessage: true });
    const promise = Promise.resolve(streamOf(ANSWER)) as unknown as AsyncIterable<{ readonly type: string }>;
    expect(fakeSession().startTurn().observeResponse(promise)).toBe(promise);
    diag.disable();
    expect(warnings).toEqual([expect.stringContaining('was it awaited?')]);
  });

  it('may make its iterators by a property that other methods use too', async () => {
    class Stream {
      readonly controller = new AbortController();
      readonly #secret = 'private fields survive';
      readonly iterator: () => AsyncIterator<{ readonly type: string }>;

      constructor(iterator: () => AsyncIterator<{ readonly type: string }>) {
        this.iterator = iterator;
      }

      [Symbol.asyncIterator]() {
        return this.iterator();
      }

      async first() {
        return { secret: this.#secret, result: await this.iterator().next() };
      }
    }
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(new Stream(() => streamOf(ANSWER))));
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);

    const other = turn.observeResponse(new Stream(() => streamOf(TOOL_CALL)));
    expect(await other.first()).toMatchObject({ secret: 'private fields survive', result: { value: TOOL_CALL[0] } });
    expect(told('logSseEvent')).toHaveLength(ANSWER.length + 1);
    expect(other.controller).toBeInstanceOf(AbortController);
  });

  it('is not changed if it cannot be', async () => {
    const { startTurn, told } = fakeSession();
    const frozen = Object.freeze({ [Symbol.asyncIterator]: () => streamOf(ANSWER) });
    const observed = startTurn().observeResponse(frozen);
    expect(observed).toBe(frozen);
    expect(await readAll(observed)).toHaveLength(ANSWER.length);
    expect(told('logSseEvent')).toEqual([]);
  });

  it('that was aborted through its own controller has not failed', async () => {
    const { startTurn, told } = fakeSession();
    const controller = new AbortController();
    const stream = Object.assign(streamOf(ANSWER.slice(0, 2)), { controller });
    const observed = startTurn().observeResponse(stream);
    controller.abort();
    await readAll(observed);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('keeps what is asked for ahead in order', async () => {
    const { startTurn, told } = fakeSession();
    const stream = startTurn().observeResponse(streamOf(ANSWER));
    const results = await Promise.all(ANSWER.map(() => stream.next()));
    expect(results.map((result) => result.value)).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });
});
