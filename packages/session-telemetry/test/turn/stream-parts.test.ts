import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Span } from '@opentelemetry/api';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { readGenAi } from '../../src/turn/gen-ai/gen-ai.ts';
import { inBandError } from '../../src/turn/in-band-error.ts';
import { isStream } from '../../src/turn/observed-stream.ts';
import type { ReceivedResponse } from '../../src/turn/received-response.ts';
import type { ResponseEnd } from '../../src/turn/response-event.ts';
import { text, word } from '../../src/turn/response-event.ts';
import { createResponseLedger } from '../../src/turn/response-ledger.ts';
import { recordResponses } from '../../src/turn/response-span.ts';
import { hasSameUsage } from '../../src/turn/response-usage.ts';
import { recordFrame } from '../../src/turn/sse-events.ts';
import { fakeSession } from './fake-session.ts';
import { ANSWER, readAll, streamOf } from './response-streams.ts';

describe('isStream', () => {
  const unreadable = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
    },
  );
  it.each<[string, unknown, boolean]>([
    ['a generator', streamOf([]), true],
    ['an iterable', { [Symbol.asyncIterator]: () => streamOf([]) }, true],
    ['an iterator', { next: () => undefined }, true],
    ['a ReadableStream', { getReader: () => undefined }, true],
    ['an answer', { id: 'r', next: 'x' }, false],
    ['a function', () => undefined, false],
    ['a text', 'x', false],
    ['null', null, false],
    ['an object that cannot be read', unreadable, false],
  ])('%s', (_what, value, is) => {
    expect(isStream(value)).toBe(is);
  });
});

describe('a stream of an unusual kind', () => {
  const said: string[] = [];
  const keep = (message: string) => void said.push(message);
  beforeEach(() => {
    said.length = 0;
    diag.setLogger(
      { error: keep, warn: keep, info: keep, debug: keep, verbose: keep },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  });
  afterEach(() => diag.disable());

  it('may be frozen', () => {
    const { startTurn } = fakeSession();
    void startTurn().observeResponse(Object.freeze({ [Symbol.asyncIterator]: () => streamOf([]) }));
    expect(said).toEqual([expect.stringMatching(/cannot observe a stream/)]);
  });

  it('may return results that cannot be read', async () => {
    const { startTurn } = fakeSession();
    const odd = {
      get done(): boolean {
        throw new Error('no');
      },
    };
    const stream = startTurn().observeResponse({ [Symbol.asyncIterator]: () => ({ next: async () => odd as never }) });
    expect(await stream[Symbol.asyncIterator]().next()).toBe(odd);
    expect(said).toEqual([expect.stringMatching(/observe a stream/)]);
  });

  it('may return no reader at all', () => {
    const { startTurn } = fakeSession();
    for (const reader of [null, 5, undefined]) {
      const stream = startTurn().observeResponse({
        getReader: () => reader,
        [Symbol.asyncIterator]: () => streamOf([]),
      });
      expect(stream.getReader()).toBe(reader);
    }
  });

  it('may throw `undefined`', async () => {
    const { startTurn, told } = fakeSession();
    async function* source() {
      yield* ANSWER.slice(0, 2);
      throw undefined;
    }
    await expect(readAll(startTurn().observeResponse(source()))).rejects.toBeUndefined();
    expect(told('sseEventCompletedFailed')).toMatchObject([
      { error: 'stream disconnected before completion: unknown error' },
    ]);
  });
});

describe('an event after the end of a response, with a request under way', () => {
  it.each<[string, object, number]>([
    ['that is a delta', { type: 'response.output_text.delta', delta: 'x' }, 2],
    ['that is an item', { type: 'response.output_item.added', item: { type: 'reasoning' } }, 2],
    ['that is an error', { type: 'error', error: { code: 'x' } }, 2],
    ['of the connection', { type: 'codex.rate_limits' }, 1],
    ['without a name', { type: 'response.output_text.done' }, 1],
  ])('%s (%j): %s responses in all', (_what, event, count) => {
    for (const isRequested of [true, false]) {
      const { startTurn, spansNamed } = fakeSession();
      const turn = startTurn();
      const observer = turn.observeWebsocket();
      for (const each of ANSWER) observer.message(JSON.stringify(each));
      if (isRequested) observer.request();
      observer.message(JSON.stringify(event));
      turn.end();
      expect(spansNamed('receiving_stream')).toHaveLength(isRequested ? count : 1);
    }
  });
});

describe('a body that is one JSON document', () => {
  const read = async (document: unknown) => {
    const { startTurn, told, spansNamed } = fakeSession();
    await readAll(startTurn().observeSse(streamOf([JSON.stringify(document)])));
    return { told, spansNamed };
  };

  it.each<[object, string]>([
    [{ type: 'response.created', response: { id: 'r' } }, 'response.created'],
    [{ anything: 1 }, 'message'],
  ])('%j is recorded as a frame named %s', async (document, eventName) => {
    const { told } = await read(document);
    expect(told('logSseEvent')).toMatchObject([{ event: document, eventName }]);
  });

  it('may be an error', async () => {
    const { told } = await read({ type: 'error', error: { code: 'x' } });
    expect(told('sseEventFailed')).toMatchObject([{ eventKind: 'error', error: { code: 'x' } }]);
  });

  it.each([[5], ['text'], [null], [[1]]])('is not recorded if it is %j', async (document) => {
    const { told } = await read(document);
    expect(told('logSseEvent')).toEqual([]);
  });

  it('is read up to 16 Mi characters', async () => {
    const withLength = (length: number) => {
      const document = { anything: '' };
      // The two line breaks that end the body belong to it.
      return { anything: 'x'.repeat(length - 2 - JSON.stringify(document).length) };
    };
    expect((await read(withLength(2 ** 24))).told('logSseEvent')).toHaveLength(1);
    expect((await read(withLength(2 ** 24 + 1))).told('logSseEvent')).toHaveLength(0);
  });
});

describe('recordFrame', () => {
  it.each<[object, string]>([
    [{ eventName: 'response.failed', event: { type: 'x' } }, 'response.failed'],
    [{ eventName: 'message', event: { type: 'x' } }, 'x'],
    [{ event: { type: 'x' } }, 'x'],
    [{ eventName: 'message', event: {} }, 'error'],
  ])('of %j that failed has the kind %s', (options, eventKind) => {
    const { session, told } = fakeSession();
    recordFrame(session, { ...options, durationMillis: 5 } as never, undefined, { error: 'e' });
    expect(told('sseEventFailed')).toEqual([{ eventKind, error: 'e', durationMillis: 5 }]);
    expect(told('logSseEvent')).toEqual([]);
  });
});

describe('createResponseLedger', () => {
  it('remembers ten thousand responses', () => {
    const ledger = createResponseLedger();
    const response = {} as ReceivedResponse;
    for (let index = 0; index < 10_000; index += 1) ledger.set(`${index}`, response);
    expect(ledger.get('0')).toBe(response);
    ledger.set('one more', response);
    expect([ledger.get('0'), ledger.get('1'), ledger.get('one more')]).toEqual([undefined, response, response]);
  });
});

describe('hasSameUsage', () => {
  const end = (inputTokens: number, outputTokens: number, totalTokens: number) =>
    ({ usage: { inputTokens, outputTokens, totalTokens } }) as ResponseEnd;
  it('compares the counts', () => {
    const { usage: _usage, ...none } = end(1, 2, 3);
    expect(hasSameUsage(end(1, 2, 3), end(1, 2, 3))).toBe(true);
    for (const other of [end(9, 2, 3), end(1, 9, 3), end(1, 2, 9), none as ResponseEnd]) {
      expect(hasSameUsage(end(1, 2, 3), other)).toBe(false);
      expect(hasSameUsage(other, end(1, 2, 3))).toBe(false);
    }
    expect(hasSameUsage(none as ResponseEnd, none as ResponseEnd)).toBe(true);
    expect(hasSameUsage(undefined, none as ResponseEnd)).toBe(false);
  });
});

describe('recordResponses', () => {
  it('sets what an event reports, and the usage of an end', () => {
    const { provider, spans } = fakeSession();
    const tracer = provider.getTracer('test');
    const record = (event: object) => {
      const span: Span = tracer.startSpan('handle_responses');
      recordResponses(span, event, 'c', undefined);
      span.end();
      return spans().at(-1)?.attributes;
    };
    expect(record({ type: 'response.output_item.added', item: { type: 'function_call', name: 'shell' } })).toEqual({
      'codex.response.event': 'function_call',
      tool_name: 'shell',
      from: 'output_item_added',
    });
    expect(record({ type: 'response.failed', response: { id: 'r', error: { code: 'x' } } })).toMatchObject({
      'codex.response.event': 'failed',
      'error.type': 'x',
    });
  });

  it('sets what the GenAI conventions say of an end, and of nothing else', () => {
    const { provider, spans } = fakeSession();
    const genAi = readGenAi(
      { genAi: 'attributes' },
      {},
      { conversationId: 'c', model: 'm', reasoningLevel: undefined },
    );
    for (const type of ['response.in_progress', 'response.completed']) {
      const span: Span = provider.getTracer('test').startSpan('handle_responses');
      recordResponses(span, { type, response: { id: 'r', status: 'completed' } }, 'c', genAi);
      span.end();
    }
    expect(spans().map(({ attributes }) => attributes['gen_ai.provider.name'])).toEqual([undefined, 'openai']);
  });
});

describe('word and text', () => {
  it.each([
    ['a', true],
    ['A_b.c:d/e-9', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['a b', false],
    [' a', false],
    ['a\n', false],
    ['', false],
    [5, false],
  ])('%j is a word: %s', (value, isWord) => {
    expect(word(value)).toBe(isWord ? value : undefined);
  });

  it('do not accept an empty text', () => {
    expect([text('a b'), text(''), text(5), text(undefined)]).toEqual(['a b', undefined, undefined, undefined]);
  });
});

describe('inBandError', () => {
  const none = undefined;
  const flat = { message: 'm', code: 'c' };
  it.each<[string, unknown, string | undefined, string | undefined, unknown]>([
    ['type error, nested', { type: 'error', error: 'e' }, 'error', none, 'e'],
    ['type error, with a text', { type: 'error', errorText: 't' }, 'error', none, 't'],
    ['type error, flat', flat, 'error', none, flat],
    ['type response.error', { error: 'e' }, 'response.error', none, 'e'],
    ['another type in an event named error', { error: 'e' }, 'x', 'error', 'e'],
    ['another type', { error: 'e' }, 'x', 'message', none],
    ['no type', { error: 'e' }, none, none, 'e'],
    ['an error that is true', { error: true, x: 1 }, none, none, { error: true, x: 1 }],
    ['in a choice', { choices: [{ error: 'e' }] }, none, none, 'e'],
    ['an event named error', { x: 1 }, none, 'error', { x: 1 }],
    ['an object error', { object: 'error' }, none, none, { object: 'error' }],
    ['a detail alone', { detail: 'd' }, none, none, { detail: 'd' }],
    ['a detail and more', { detail: 'd', x: 1 }, none, none, none],
    ['a message with a code', flat, none, none, flat],
    ['a message with null for a code', { message: 'm', code: null }, none, none, none],
    ['a message alone', { message: 'm' }, none, none, none],
    ['a code alone', { code: 'c' }, none, none, none],
    ['choices with a message and a code', { choices: [], ...flat }, none, none, none],
    ['no error: null', { error: null }, none, none, none],
    ['no error: false', { error: false }, none, none, none],
    ['no error: empty', { error: '' }, none, none, none],
    ['nothing', none, none, none, none],
  ])('%s', (_what, event, type, eventName, error) => {
    expect(inBandError(event, type, eventName)).toEqual(error === undefined ? undefined : { error });
  });
});
