import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import fc from 'fast-check';
import type { FakeSession } from './fake-session.ts';
import { fakeSession } from './fake-session.ts';
import { readAll, responseUsage, sseBytes, streamOf } from './response-streams.ts';

const created = (id: string | undefined) => ({ type: 'response.created', response: { id } });
const delta = { type: 'response.output_text.delta', delta: 'x' };
const end = (type: string, id: string | undefined, more: object = {}) => ({
  type,
  response: { id, usage: responseUsage(40, 8, 6, 2), ...more },
});
const completed = (id: string | undefined, more?: object) => end('response.completed', id, more);
const item = { type: 'response.output_item.done', item: { type: 'message', role: 'assistant', content: [] } };
type Event = ReturnType<typeof created> | ReturnType<typeof end> | typeof delta | typeof item;

/** The ways in which events come. */
const ways = {
  'a generator': async (fake: FakeSession, events: readonly Event[]) => {
    const turn = fake.startTurn();
    await readAll(turn.observeResponse(streamOf(events)));
    return turn.end();
  },
  'server-sent events': async (fake: FakeSession, events: readonly Event[]) => {
    const turn = fake.startTurn();
    await readAll(turn.observeSse(streamOf([sseBytes(events)])));
    return turn.end();
  },
  'a WebSocket': async (fake: FakeSession, events: readonly Event[]) => {
    const turn = fake.startTurn();
    const socket = turn.observeWebsocket();
    for (const event of events) socket.message(JSON.stringify(event));
    socket.close(1000);
    return turn.end();
  },
};
const withUsage = (fake: FakeSession) =>
  fake.spans().filter(({ attributes }) => attributes['gen_ai.usage.input_tokens'] !== undefined);
const failures = (fake: FakeSession) => [...fake.told('sseEventFailed'), ...fake.told('sseEventCompletedFailed')];

describe.each(Object.entries(ways))('a response that comes by %s', (_way, receive) => {
  it.each<[string, readonly Event[]]>([
    ['completed twice', [created('r'), completed('r'), completed('r')]],
    ['done after completed', [created('r'), completed('r'), end('response.done', 'r')]],
    ['the whole of it twice', [created('r'), delta, completed('r'), created('r'), delta, completed('r')]],
    ['its usage the second time', [created('r'), completed('r', { usage: null }), completed('r')]],
    ['incomplete, then completed', [created('r'), end('response.incomplete', 'r'), completed('r')]],
    ['an item after its end', [created('r'), completed('r'), item, delta]],
    ['another id for every event', [created('a'), completed('b'), end('response.done', 'c')]],
    ['done under another id', [created('r'), completed('r'), end('response.done', 's')]],
    ['no id', [created(undefined), completed(undefined), completed(undefined)]],
    ['an end that says more than its name', [created('r'), completed('r', { status: 'incomplete' })]],
  ])('counts once: %s', async (_what, events) => {
    const fake = fakeSession();
    expect((await receive(fake, events)).totalTokens).toBe(46);
    expect(withUsage(fake)).toHaveLength(1);
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
    expect(fake.told('sseEventFailed')).toEqual([]);
  });

  it.each([
    ['null', null, 0],
    ['missing', undefined, 0],
    ['malformed', 'many', 1],
  ])('is complete if its usage is %s', async (_what, usage, problems) => {
    const fake = fakeSession();
    // Proxies may put the usage beside the response; there is none either.
    const last = { ...completed('r', { usage }), usage: null };
    expect((await receive(fake, [created('r'), delta, last])).totalTokens).toBe(0);
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
    expect(failures(fake)).toHaveLength(problems);
  });

  it.each([
    ['failed', 1],
    ['cancelled', 0],
    ['incomplete', 0],
  ])('is %s if response.done says so', async (status, failed) => {
    const fake = fakeSession();
    await receive(fake, [created('r'), end('response.done', 'r', { status, error: { code: 'server_error' } })]);
    expect(fake.spansNamed('handle_responses').at(-1)?.attributes['codex.response.event']).toBe(status);
    const [receiving] = fake.spansNamed('receiving_stream');
    expect(receiving?.status.code === SpanStatusCode.ERROR).toBe(failed === 1);
    expect(fake.told('sseEventCompleted')).toEqual([]);
    expect(fake.told('sseEventCompletedFailed')).toHaveLength(status === 'cancelled' ? 0 : 1);
  });

  it('counts two responses that only have ends', async () => {
    const other = responseUsage(50, 8, 6, 2);
    const usage = await receive(fakeSession(), [completed('a'), completed('b', { usage: other })]);
    expect(usage.totalTokens).toBe(102);
  });

  it('keeps the usage of one that another interrupted', async () => {
    const fake = fakeSession();
    const usage = await receive(fake, [created('a'), created('b'), delta, completed('b'), completed('a')]);
    expect(usage.totalTokens).toBe(92);
    expect(withUsage(fake).map(({ attributes }) => attributes['gen_ai.response.id'])).toEqual(['b', 'a']);
    expect(failures(fake)).toEqual([]);
  });
});

describe('a response that several streams report', () => {
  it('counts once when it is taken up again after its connection broke', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    const broken = async function* () {
      yield created('r');
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    };
    await expect(readAll(turn.observeResponse(broken()))).rejects.toThrow('reset');
    await readAll(
      turn.observeResponse(streamOf([{ type: 'response.in_progress', response: { id: 'r' } }, completed('r')])),
    );
    await readAll(turn.observeResponse(streamOf([created('r'), completed('r')])));
    turn.recordResponse({ object: 'response', status: 'completed', ...completed('r').response });
    expect(turn.end().totalTokens).toBe(46);
    expect(withUsage(fake)).toHaveLength(1);
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
    expect(fake.told('sseEventCompletedFailed')).toHaveLength(1);
  });

  it('counts once when its stream is observed twice', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    const stream = streamOf([created('r'), completed('r')]);
    await readAll(turn.observeResponse(turn.observeResponse(stream)));
    expect(turn.end().totalTokens).toBe(46);
    expect(fake.told('logSseEvent')).toHaveLength(2);
  });

  it('counts two responses to which a server happened to give the same id', async () => {
    const fake = fakeSession();
    const turn = fake.startTurn();
    for (const completion_tokens of [3, 4]) {
      const usage = { prompt_tokens: 9, completion_tokens, total_tokens: 9 + completion_tokens };
      const chunk = {
        id: 'chatcmpl-1',
        created: 1,
        choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }],
        usage,
      };
      await readAll(turn.observeChatCompletion(streamOf([chunk])));
    }
    expect(turn.end().totalTokens).toBe(25);
  });
});

describe('streams at random', () => {
  const ids = ['a', 'b', 'c'];
  const event = fc.oneof(
    fc.constantFrom(...ids).map(created),
    fc.constant<Event>(delta),
    fc.constant<Event>(item),
    fc
      .constantFrom('response.completed', 'response.done', 'response.incomplete', 'response.failed')
      .chain((type) => fc.constantFrom(...ids).map((id) => end(type, id))),
    fc.constantFrom(...ids).map((id) => completed(id, { usage: null })),
    fc.constant({ type: 'error', code: 'x', message: 'y' } as unknown as Event),
  );

  it.each(Object.entries(ways))('count no response twice, nor more than it reported: %s', async (_way, receive) => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 14 }), async (events) => {
        const fake = fakeSession();
        const used = await receive(fake, events);
        const reported = new Set(
          events
            .filter((each) => 'response' in each && 'usage' in each.response && each.response.usage !== null)
            .map((each) => ('response' in each ? each.response.id : undefined)),
        );
        const counted = withUsage(fake).map(({ attributes }) => attributes['gen_ai.response.id']);
        expect(new Set(counted).size).toBe(counted.length);
        expect(counted.every((id) => reported.has(String(id)))).toBe(true);
        expect(used.totalTokens).toBe(46 * counted.length);
        // Every span of a response has ended, and ends once.
        expect(fake.spans().filter(({ ended }) => !ended)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('cut, doubled, reordered and interleaved chats count no more than they reported', async () => {
    const chunk = (id: string, more: object) => ({ id, object: 'chat.completion.chunk', created: 1, ...more });
    const chunks = fc
      .constantFrom('a', 'b')
      .chain((id) =>
        fc.constantFrom<object>(
          chunk(id, { choices: [{ index: 0, delta: { role: 'assistant', content: 'x' } }] }),
          chunk(id, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
          chunk(id, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 } }),
          chunk(id, { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(chunks, { maxLength: 12 }), async (events) => {
        const fake = fakeSession();
        const turn = fake.startTurn();
        await readAll(turn.observeChatCompletion(streamOf(events)));
        for (const id of ['a', 'b']) {
          const ofResponse = withUsage(fake).filter(({ attributes }) => attributes['gen_ai.response.id'] === id);
          const totals = ofResponse.map(({ attributes }) => Number(attributes['codex.usage.total_tokens']));
          expect(totals.reduce((sum, total) => sum + total, 0)).toBeLessThanOrEqual(12);
        }
        expect(turn.end().totalTokens).toBeLessThanOrEqual(24);
      }),
      { numRuns: 300 },
    );
  });
});
