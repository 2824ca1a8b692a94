import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { fakeSession, reportedFailures } from './fake-session.ts';
import { ANSWER, readAll, streamOf } from './response-streams.ts';

type Event = { readonly type: string };

const readable = () =>
  new ReadableStream<Event>({
    start(controller) {
      for (const event of ANSWER) controller.enqueue(event);
      controller.close();
    },
  });

describe('the reader of an observed stream', () => {
  it.each<[string, (stream: AsyncGenerator<Event>) => Promise<unknown>]>([
    ['return', (stream) => stream.return(undefined)],
    ['throw', (stream) => stream.throw(new Error('enough')).catch(() => {})],
  ])('may be left by %s, which is no failure', async (_method, leave) => {
    const { startTurn, spansNamed, told } = fakeSession();
    const stream = startTurn().observeResponse(streamOf<Event>(ANSWER));
    await stream.next();
    await leave(stream);
    expect(spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('may be cancelled, which is no failure', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const reader = startTurn().observeResponse(readable()).getReader();
    await reader.read();
    await reader.cancel();
    expect(spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('may be left while another reads on', async () => {
    const { startTurn, told } = fakeSession();
    const stream = startTurn().observeResponse({ [Symbol.asyncIterator]: () => streamOf<Event>(ANSWER) });
    const [first, second] = [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()];
    await first.next();
    await second.next();
    await second.return();
    await readAll({ [Symbol.asyncIterator]: () => first });
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('gets no methods that it did not have', async () => {
    const results = streamOf<Event>(ANSWER);
    const iterator = { next: () => results.next() };
    const stream = fakeSession()
      .startTurn()
      .observeResponse({ [Symbol.asyncIterator]: () => iterator });
    for await (const _event of stream) break;
    expect(Object.getOwnPropertyNames(iterator)).toEqual(['next']);

    const reader = fakeSession().startTurn().observeResponse(readable()).getReader();
    expect(Object.getOwnPropertyNames(reader).sort()).toEqual(['cancel', 'read']);
  });

  it('may come from `values()`', async () => {
    const { startTurn, told } = fakeSession();
    expect(await readAll(startTurn().observeResponse(readable()).values())).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('may give its results as promises of another kind', async () => {
    const { startTurn, told } = fakeSession();
    const results = streamOf<Event>(ANSWER);
    // biome-ignore lint/suspicious/noThenProperty: it is what makes a promise
    const next = () => ({ then: (...settle: Parameters<Promise<unknown>['then']>) => results.next().then(...settle) });
    const stream = { [Symbol.asyncIterator]: () => ({ next }) } as unknown as AsyncIterable<Event>;
    expect(await readAll(startTurn().observeResponse(stream))).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('may be a function', async () => {
    const { startTurn, told } = fakeSession();
    const results = streamOf<Event>(ANSWER);
    const iterator = Object.assign(() => {}, { next: () => results.next() });
    const stream: AsyncIterable<Event> = { [Symbol.asyncIterator]: () => iterator };
    expect(await readAll(startTurn().observeResponse(stream))).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it.each([null, undefined, 5, 'text'])('fails only for its consumer if it is %p', async (reader) => {
    const stream = { [Symbol.asyncIterator]: () => reader } as unknown as AsyncIterable<Event>;
    await expect(readAll(fakeSession().startTurn().observeResponse(stream))).rejects.toMatchObject({
      name: 'TypeError',
    });
  });

  it('is returned unchanged, with a report, if it is frozen', async () => {
    const results = streamOf<Event>(ANSWER);
    const iterator = Object.freeze({ next: () => results.next() });
    const { startTurn, told } = fakeSession();
    expect(await readAll(startTurn().observeResponse({ [Symbol.asyncIterator]: () => iterator }))).toEqual(ANSWER);
    expect(told('logSseEvent')).toEqual([]);
    expect(reportedFailures.splice(0)).toEqual(['codex-otel/session-telemetry: cannot observe a stream']);
  });

  it('may be a readable of Node, whose own methods stay', async () => {
    const { startTurn, told } = fakeSession();
    const stream = startTurn().observeResponse(Readable.from(ANSWER));
    expect(await readAll(stream)).toEqual(ANSWER);
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(stream.read).toBe(Readable.prototype.read);
  });

  it.each([null, 5, 'text', undefined, true])('records %p, which is no event, as a failed one', async (nothing) => {
    const { startTurn, told } = fakeSession();
    const stream = streamOf([nothing, ...ANSWER] as readonly Event[]);
    expect(await readAll(startTurn().observeResponse(stream))).toEqual([nothing, ...ANSWER]);
    expect(told('sseEventFailed')).toEqual([
      { eventKind: 'message', error: 'stream event is not an object', durationMillis: expect.any(Number) },
    ]);
    expect(told('logSseEvent')).toHaveLength(ANSWER.length);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('records an object without a type as a message', async () => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeResponse(streamOf([{ text: 'secret' }] as unknown as readonly Event[])));
    expect(told('logSseEvent')).toMatchObject([{ eventName: 'message', data: '{}' }]);
  });
});
