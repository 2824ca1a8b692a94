import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { fakeSession, reportedFailures } from './fake-session.ts';
import { ANSWER, readAll, streamOf } from './response-streams.ts';

type Event = { readonly type: string };
type State = { readonly aborted?: boolean; readonly errored?: boolean; readonly error?: Error };

/** A stream as the helpers of the openai package make it, which reads by itself. */
function helper({ error, ...state }: State = {}) {
  return Object.assign(new EventEmitter(), state, {
    finalResponse: async () => ({}),
    done: () => (error === undefined ? Promise.resolve() : Promise.reject(error)),
    [Symbol.asyncIterator]: () => streamOf<Event>([]),
  });
}

const PART = ANSWER.slice(0, 3);

describe('the helper of a client', () => {
  it.each<[string, State, string | undefined, SpanStatusCode]>([
    ['its end', {}, 'stream closed before response.completed', SpanStatusCode.ERROR],
    ['its end, as it says itself', { aborted: false, errored: false }, 'stream closed', SpanStatusCode.ERROR],
    ['that it was aborted', { aborted: true }, undefined, SpanStatusCode.UNSET],
    ['its failure', { errored: true, error: new Error('reset') }, 'reset', SpanStatusCode.ERROR],
  ])('reports what it receives without being iterated, and %s', async (_what, state, error, code) => {
    const { startTurn, spansNamed, told } = fakeSession();
    const stream = startTurn().observeResponse(helper(state));
    for (const event of PART) stream.emit('event', event);
    stream.emit('end');
    await new Promise(setImmediate);
    expect(told('logSseEvent').filter((options) => 'event' in options)).toHaveLength(PART.length);
    expect(spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([code]);
    expect(told('sseEventCompletedFailed').map((options) => String(options.error))).toEqual(
      error === undefined ? [] : [expect.stringContaining(error)],
    );
  });

  it('measures the wait for each event from the one before', () => {
    let moment = 0;
    const { startTurn, told } = fakeSession();
    const stream = startTurn({ now: () => moment }).observeResponse(helper());
    for (const event of PART) {
      moment += 10;
      stream.emit('event', event);
    }
    expect(told('logSseEvent').map(({ durationMillis }) => durationMillis)).toEqual([10, 10, 10]);
  });

  it('gets no error if a part of it cannot be read, which is reported', () => {
    const stream = fakeSession().startTurn().observeResponse(helper());
    Reflect.defineProperty(stream, 'aborted', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(stream.emit('end')).toBe(true);
    expect(reportedFailures.splice(0)).toEqual(['codex-otel/session-telemetry: cannot observe a stream']);
  });

  const on = new EventEmitter().on;
  const done = async () => {};
  const finalResponse = async () => ({});
  it.each<[string, object]>([
    ['only its result', { finalResponse }],
    ['no `done`', { finalResponse, on }],
    ['no `on`', { finalResponse, done }],
    ['no result', { on, done }],
    ['properties of these names', { finalResponse: true, on: true, done: true }],
    ['a property instead of `on`', { finalResponse, on: true, done }],
    ['a property instead of `done`', { finalResponse, on, done: true }],
  ])('is recognised only if it has all its methods, not with %s', async (_what, parts) => {
    const { startTurn, told } = fakeSession();
    const stream = Object.assign(streamOf<Event>(ANSWER), parts);
    expect(await readAll(startTurn().observeResponse(stream))).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
  });
});
