import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { startSessionTurn } from '../../src/turn/recorded-turn.ts';
import type { TurnSession } from '../../src/turn/turn-session.ts';
import type { FakeSession } from './fake-session.ts';
import { fakeSession, reportedFailures } from './fake-session.ts';
import { ANSWER, readAll, responseUsage, streamOf } from './response-streams.ts';

type Event = { readonly type: string };
const { UNSET, ERROR } = SpanStatusCode;

const created = (id?: string) => ({ type: 'response.created', response: { id } });
const completed = (id?: string, output = 6, more: object = {}) => ({
  type: 'response.completed',
  response: { id, usage: responseUsage(40, 8, output, 2), ...more },
});
const delta = { type: 'response.output_text.delta', delta: 'x' };
const failed = (code: string) => ({ type: 'error', error: { code, message: 'm' } });
const text = { id: 'c', choices: [{ index: 0, delta: { content: 'a' } }] };
const chatError = { error: { code: 502, message: 'm' } };
const chatUsage = { id: 'c', choices: [], usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } };

/** A stream that throws after its events. */
async function* broken(events: readonly object[], error: Error): AsyncGenerator<Event> {
  yield* events as readonly Event[];
  throw error;
}
const reset = () => Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const codes = (fake: FakeSession) => fake.spansNamed('receiving_stream').map(({ status }) => status.code);
const types = (fake: FakeSession) => fake.spansNamed('receiving_stream').map((span) => span.attributes['error.type']);
const endings = (fake: FakeSession) =>
  fake.spansNamed('handle_responses').map(({ attributes }) => attributes['codex.response.event']);
const read = async (fake: FakeSession, events: readonly object[]) => {
  const turn = fake.startTurn();
  await readAll(turn.observeResponse(streamOf(events)));
  return turn.end().totalTokens;
};

/** A turn with a socket, on a clock that the test moves. */
function socketTurn() {
  let moment = 1000;
  const fake = fakeSession();
  const turn = fake.startTurn({ now: () => moment });
  const after = (millis: number) => {
    moment += millis;
  };
  const open = () => {
    const { message, ...rest } = turn.observeWebsocket();
    return {
      ...rest,
      send: (...events: readonly object[]) => {
        for (const event of events) message(JSON.stringify(event));
      },
    };
  };
  return { fake, turn, after, open };
}

describe('a stream whose transport fails', () => {
  it.each<[string, readonly object[], number]>([
    ['a failure', [created('r'), failed('quota')], 0],
    ['a failure and then a usage', [text, chatError, chatUsage], 10],
  ])('keeps the failure that an event reported, if that was %s', async (_what, events, total) => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    await expect(readAll(turn.observeResponse(broken(events, reset())))).rejects.toThrow('reset');
    expect(codes(fake)).toEqual([ERROR]);
    expect(types(fake)).not.toContain('ECONNRESET');
    expect(fake.told('logSseEvent').filter((options) => 'error' in options)).toEqual([]);
    expect(JSON.stringify(fake.told('sseEventCompletedFailed'))).not.toContain('reset');
    expect(turn.end().totalTokens).toBe(total);
  });

  it('has failed even if its reader knows its usage', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    await expect(readAll(turn.observeResponse(broken([text, chatUsage], reset())))).rejects.toThrow('reset');
    expect([codes(fake), types(fake), endings(fake).at(-1)]).toEqual([[ERROR], ['ECONNRESET'], 'failed']);
    expect(turn.end().totalTokens).toBe(10);
  });

  it('has not failed if its response was complete; the error is recorded for the turn', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    await expect(readAll(turn.observeResponse(broken(ANSWER, reset())))).rejects.toThrow('reset');
    expect(codes(fake)).toEqual([UNSET]);
    const error = fake.calls.find(({ options }) => 'error' in options);
    expect(error?.method).toBe('logSseEvent');
    expect(error?.spanId).toBe(turn.span.spanContext().spanId);
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });

  it('is recorded with the wait for the failure, and not read any more', async () => {
    const { fake, turn, after } = socketTurn();
    let asked = 0;
    const events = streamOf<Event>(ANSWER);
    const next = () => {
      asked += 1;
      if (asked > 1) return events.next();
      after(30);
      return Promise.reject(reset());
    };
    const iterator = turn.observeResponse({ [Symbol.asyncIterator]: () => ({ next }) })[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toThrow('reset');
    await readAll({ [Symbol.asyncIterator]: () => iterator });
    expect(fake.told('logSseEvent')).toMatchObject([{ durationMillis: 30 }]);
    expect([codes(fake), fake.told('sseEventCompleted')]).toEqual([[ERROR], []]);
  });
});

describe('a stream that is left', () => {
  const unknown = { type: 'x.unknown' };
  it.each<[string, readonly object[], boolean | undefined, SpanStatusCode]>([
    ['unread if no reader knew its events', [unknown], true, UNSET],
    ['failed, not unread, if it reported a failure', [unknown, { error: { code: 'c' } }], undefined, ERROR],
    ['neither if it was read', [created('r')], undefined, UNSET],
  ])('is marked as %s', async (_what, events, unread, code) => {
    const fake = fakeSession();
    const stream = fake.startTurn().observeResponse(streamOf(events));
    for (const _event of events) await stream.next();
    await stream.return();
    expect(fake.spansNamed('receiving_stream')[0]?.attributes['codex.stream.unread']).toBe(unread);
    expect(codes(fake)).toEqual([code]);
  });

  it('does not count as ended if its reader has not seen the end', async () => {
    const fake = fakeSession();
    const stream = fake.startTurn().observeResponse(streamOf([text]));
    await stream.next();
    await stream.return();
    expect(endings(fake)).not.toContain('completed');
    expect(codes(fake)).toEqual([UNSET]);
  });

  it('before any answer has not failed, so the next request is not a retry', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    const silent = {
      next: () => new Promise<IteratorResult<Event>>(() => {}),
      return: async () => ({ done: true as const, value: undefined }),
    };
    const stream = await turn.observeResponse(() => ({ [Symbol.asyncIterator]: () => silent }));
    const iterator = stream[Symbol.asyncIterator]();
    void iterator.next();
    await iterator.return();
    await readAll(await turn.observeResponse(() => streamOf(ANSWER)));
    turn.end();
    expect(fake.told('recordTurnProfile')).toMatchObject([{ samplingRequestCount: 2, samplingRetryCount: 0 }]);
  });
});

describe('a stream that is open when the process ends', () => {
  type EndTurn = (ending: { readonly status: string; readonly error?: unknown }) => void;
  const endTurns: EndTurn = (ending) => {
    const ends = (globalThis as { [key: symbol]: unknown })[Symbol.for('@codex-otel/open-turns.v1')] as Set<EndTurn>;
    for (const end of ends) end(ending);
  };

  it.each<[{ readonly status: string; readonly error?: unknown }, SpanStatusCode, string | undefined]>([
    [{ status: 'failed', error: reset() }, ERROR, 'ECONNRESET'],
    [{ status: 'aborted' }, UNSET, undefined],
  ])('ends as its process does: %j', async (ending, code, type) => {
    const fake = fakeSession();
    const stream = fake.startTurn().observeResponse(streamOf(ANSWER));
    await stream.next();
    endTurns(ending);
    expect([codes(fake), types(fake)]).toEqual([[code], [type]]);
    expect(fake.told('sseEventCompletedFailed')).toEqual([]);
  });
});

describe('which response an event belongs to', () => {
  it.each<[string, readonly object[], number, readonly SpanStatusCode[]]>([
    ['a start that is repeated', [created('a'), created('a'), completed('a')], 46, [UNSET]],
    ['a start without an id', [created('a'), created(), completed('a')], 46, [UNSET]],
    ['a start whose id comes late', [created(), created('a'), completed('a')], 46, [UNSET]],
    ['ends under ever other ids', [created('a'), completed('b'), completed('c', 7)], 46, [UNSET]],
    ['a second end without an id', [completed(), completed(undefined, 7)], 46, [UNSET]],
    ['an end after the failure of another', [created('a'), failed('x'), completed('b')], 46, [ERROR, UNSET]],
    ['a repeated end without usage', [created('a'), completed('a', 6, { usage: null })], 0, [UNSET]],
  ])('is decided for %s', async (_what, events, total, expected) => {
    const fake = fakeSession();
    expect(await read(fake, events)).toBe(total);
    expect(codes(fake)).toEqual(expected);
  });

  it('is the first for a failure that is reported twice, and for an end that is repeated without usage', async () => {
    const fake = fakeSession();
    const end = { type: 'response.failed', response: { id: 'r', error: { code: 'third', message: 'm' } } };
    await read(fake, [created('r'), failed('first'), failed('second'), end, end]);
    expect([types(fake), endings(fake).filter((name) => name === 'failed')]).toEqual([['first'], ['failed']]);
  });

  it('has failed with the kind of its end if that names no error', async () => {
    const fake = fakeSession();
    await read(fake, [created('r'), { type: 'response.failed', response: { id: 'r' } }]);
    expect(fake.told('sseEventCompletedFailed')).toEqual([{ error: 'response.failed event received' }]);
  });

  it('has failed with the error of its stream if its usage comes later', async () => {
    const fake = fakeSession();
    expect(await read(fake, [text, chatError, chatUsage])).toBe(10);
    expect([codes(fake), types(fake), endings(fake).at(-1)]).toEqual([[ERROR], ['502'], 'failed']);
  });

  it('is a new one for an end or an error that answers a request', () => {
    for (const answer of [completed('b'), failed('x')]) {
      const { fake, turn, after, open } = socketTurn();
      const { send, request } = open();
      send(created('a'), completed('a'));
      after(500);
      request();
      after(40);
      send(answer);
      turn.end();
      expect(fake.spansNamed('receiving_stream').map(({ duration }) => duration)).toEqual([
        [0, 0],
        [0, 40_000_000],
      ]);
    }
  });

  it.each([
    ['an error', failed('x'), ERROR],
    ['a start without an id', created(), UNSET],
  ])('is a new one for %s that answers a request while another response is open', (_what, answer, code) => {
    const { fake, turn, open } = socketTurn();
    const { send, request } = open();
    send(created('a'));
    request();
    send(answer);
    turn.end();
    expect(codes(fake)).toEqual([UNSET, code]);
  });

  it('began with the request, also if nothing but its end comes', async () => {
    const { fake, turn, after } = socketTurn();
    const stream = await turn.observeResponse(() => streamOf([completed('a')]));
    after(30);
    await readAll(stream);
    expect(fake.spansNamed('receiving_stream').map(({ duration }) => duration)).toEqual([[0, 30_000_000]]);
  });

  it('goes on while the end of another is repeated', () => {
    const { fake, after, open } = socketTurn();
    const { send } = open();
    send(created('a'), completed('a'), created('b'));
    after(10);
    send(completed('a'));
    after(40);
    send(completed('b', 7));
    expect(fake.spansNamed('receiving_stream').map(({ duration }) => duration)).toEqual([
      [0, 0],
      [0, 50_000_000],
    ]);
  });

  it.each([created('a'), completed('a')])('leaves a request open if a known response is repeated: %j', (repeated) => {
    const { fake, turn, after, open } = socketTurn();
    const { send, request } = open();
    send(created('a'), completed('a'));
    request();
    after(10);
    send(repeated);
    after(40);
    send(created('b'), completed('b', 7));
    expect(turn.end().totalTokens).toBe(93);
    expect(fake.spansNamed('receiving_stream').map(({ duration }) => duration)).toEqual([
      [0, 0],
      [0, 50_000_000],
    ]);
  });

  it.each([created('a'), completed('a')])(
    'counts no request for a response that another stream received: %j',
    async (event) => {
      const fake = fakeSession();
      const turn = fake.startTurn();
      await readAll(await turn.observeResponse(() => streamOf([created('a'), completed('a')])));
      await readAll(await turn.observeResponse(() => streamOf<Event>([event, delta])));
      expect(turn.end().totalTokens).toBe(46);
      expect([codes(fake), fake.told('recordTurnProfile')]).toMatchObject([[UNSET], [{ samplingRequestCount: 1 }]]);
    },
  );

  it('ends with the first end if two observers receive it', () => {
    const { fake, turn, open } = socketTurn();
    const sockets = [open(), open()];
    for (const { send } of sockets) send(created('a'));
    for (const { send } of sockets) send(completed('a'));
    expect(codes(fake)).toEqual([UNSET, UNSET]);
    expect(turn.end().totalTokens).toBe(46);
  });
});

describe('an answer that was not streamed', () => {
  it.each([
    [
      { id: 'r', object: 'response', status: 'failed', output: [], error: { code: 'c', message: 'm' } },
      'response.failed',
    ],
    [chatError, 'error'],
  ])('is recorded as failed, with its duration: %j', (answer, eventKind) => {
    const { fake, turn, after } = socketTurn();
    after(2000);
    turn.recordResponse(answer, { requestedAt: 1000 });
    expect(fake.told('sseEventFailed')).toMatchObject([{ eventKind, durationMillis: 2000 }]);
    expect(codes(fake)).toEqual([ERROR]);
  });

  it('changes nothing if it says less than is known', () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    for (const status of ['completed', 'queued'])
      turn.recordResponse({ id: 'r', object: 'response', status, output: [] });
    turn.end();
    expect(endings(fake)).toEqual(['completed']);
  });
});

describe('what a session throws', () => {
  const answers = { id: 'r', object: 'response', status: 'failed', output: [], error: { code: 'c' } };
  it.each<[string, keyof TurnSession, (turn: ReturnType<typeof startSessionTurn>) => unknown]>([
    ['an event of a response', 'logSseEvent', (turn) => readAll(turn.observeResponse(streamOf(ANSWER.slice(0, 1))))],
    ['a response', 'sseEventFailed', async (turn) => turn.recordResponse(answers)],
    [
      'the end of a stream',
      'sseEventCompletedFailed',
      (turn) => readAll(turn.observeResponse(streamOf(ANSWER.slice(0, 1)))),
    ],
    [
      'the end of a stream',
      'sseEventCompleted',
      async (turn) => {
        for await (const event of turn.observeResponse(streamOf([text, chatUsage]))) if (event === chatUsage) break;
      },
    ],
    [
      'the failure of a stream',
      'logSseEvent',
      (turn) => readAll(turn.observeResponse(broken([], reset()))).catch(() => {}),
    ],
  ])('is reported as a failure to record %s', async (what, method, use) => {
    const { session } = fakeSession();
    const fail = () => {
      throw new Error('no');
    };
    await use(startSessionTurn({ ...session, [method]: fail }, { turnId: 'turn-1' }));
    expect(reportedFailures.splice(0)).toEqual([`codex-otel/session-telemetry: cannot record ${what}`]);
  });
});
