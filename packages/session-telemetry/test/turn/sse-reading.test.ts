import { describe, expect, it, jest } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { ANSWER, readAll, sseBytes, streamOf } from './response-streams.ts';

const answer = () => streamOf([sseBytes(ANSWER)]);
/** What an observed turn hands out of a body, and what it records. */
async function read(...pieces: readonly string[]) {
  const { startTurn, told } = fakeSession();
  const events = await readAll(startTurn().observeSse(streamOf(pieces)));
  return { events, recorded: told('logSseEvent').map(({ eventName, data, event }) => ({ eventName, data, event })) };
}

describe('the events of a body', () => {
  it.each([
    ['the name of its frame', 'event: named\ndata: {"type":"typed"}\n\n', 'named'],
    ['its type', 'data: {"type":"typed"}\n\n', 'typed'],
    ['`message`', 'data: {"id":"c"}\n\n', 'message'],
  ])('are recorded by %s', async (_what, frame, eventName) => {
    const { events, recorded } = await read(frame);
    expect(recorded).toEqual([{ eventName, event: events[0], data: undefined }]);
    expect(events).toHaveLength(1);
  });

  it.each(['null', '5', '"text"', 'true', 'no JSON'])('are objects; %s is only recorded', async (data) => {
    for (const [name, frame] of [
      ['message', ''],
      ['named', 'event: named\n'],
    ]) {
      const { events, recorded } = await read(`${frame}data: ${data}\n\n`);
      expect(events).toEqual([]);
      expect(recorded).toEqual([{ eventName: name, data, event: undefined }]);
    }
  });

  it.each([
    ['message', ''],
    ['end', 'event: end\n'],
  ])('end with [DONE], recorded as %s', async (eventName, frame) => {
    const { recorded } = await read(`${frame}data: [DONE]\n\n`, 'data: {"type":"late"}\n\n');
    expect(recorded).toEqual([{ eventName, data: '[DONE]', event: undefined }]);
  });

  it('may be left early even if the body cannot be cancelled', async () => {
    const pieces = answer();
    const source = { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
    for await (const _event of fakeSession().startTurn().observeSse(source)) break;
  });

  it.each(['works', 'fails'])('may be left early if leaving the body %s', async (way) => {
    let left = 0;
    const pieces = answer();
    const leave = async () => {
      left += 1;
      if (way === 'fails') throw new Error('no');
      return { done: true as const, value: undefined };
    };
    const source = { [Symbol.asyncIterator]: () => ({ next: () => pieces.next(), return: leave }) };
    for await (const _event of fakeSession().startTurn().observeSse(source)) break;
    expect(left).toBe(1);
  });

  it('leave no timer behind', async () => {
    const [set, clear] = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'clearTimeout')];
    try {
      await readAll(fakeSession().startTurn().observeSse(answer(), { idleTimeoutMillis: 600_000 }));
      await new Promise(setImmediate);
      const waits = set.mock.results.filter((_result, call) => set.mock.calls[call]?.[1] === 600_000);
      expect(waits).toHaveLength(2);
      for (const { value } of waits) expect(clear.mock.calls).toContainEqual([value]);
    } finally {
      set.mockRestore();
      clear.mockRestore();
    }
  });

  it('fail if one of them would not fit into the memory', async () => {
    const { startTurn, told } = fakeSession();
    const piece = 'x'.repeat(16 * 1024 * 1024);
    const pieces = ['data: ', ...Array.from({ length: 9 }, () => piece)];
    await expect(readAll(startTurn().observeSse(streamOf(pieces)))).rejects.toMatchObject({ name: 'ParseError' });
    expect(told('logSseEvent')).toMatchObject([{ error: { name: 'ParseError' } }]);
  });
});

describe('a stream that no reader knows', () => {
  it('is reported with the first eight kinds of its events', async () => {
    const warnings: string[] = [];
    const ignore = () => undefined;
    const logger = { warn: (line: string) => void warnings.push(line), error: ignore, info: ignore, debug: ignore };
    diag.setLogger({ ...logger, verbose: ignore }, { suppressOverrideMessage: true });
    const events = Array.from({ length: 20 }, (_none, index) => ({ type: `kind-${Math.floor(index / 2) + 1}` }));
    await readAll(fakeSession().startTurn().observeResponse(streamOf(events)));
    expect(warnings).toEqual([
      'codex-otel/session-telemetry: a stream was not read, since its events belong to no known API: ' +
        'kind-1, kind-2, kind-3, kind-4, kind-5, kind-6, kind-7, kind-8',
    ]);
  });
});
