import { describe, expect, it } from '@jest/globals';
import { anthropicMessages } from '../../../src/turn/readers/anthropic-messages.ts';
import { endWith, readEvents, tokens } from './read-events.ts';

const usage = { input_tokens: 30, cache_read_input_tokens: 70, output_tokens: 1, service_tier: 'standard' };
const start = (message: object = {}) => ({ type: 'message_start', message: { id: 'm', model: 'claude', ...message } });
const change = (stop_reason: unknown, more: object = {}) => ({
  type: 'message_delta',
  delta: { stop_reason },
  ...more,
});
const stop = { type: 'message_stop' };
const block = (content_block: object) => ({ type: 'content_block_start', content_block });
const delta = (type: string) => ({ type: 'content_block_delta', delta: { type } });
const ended = (events: readonly unknown[]) => readEvents(anthropicMessages, events).at(-1)?.end;

describe('anthropicMessages.accepts', () => {
  it.each([
    ['message_start', true],
    ['content_block_delta', true],
    ['message', false],
    ['content', false],
    ['a message_', false],
    ['a content_block_', false],
    ['ping', false],
    [undefined, false],
  ])('an event of the type %s: %s', (type, accepted) => {
    expect(anthropicMessages.accepts({}, type)).toBe(accepted);
  });
});

describe("a stream of Anthropic's messages", () => {
  it.each([
    [start(), { name: 'created', starts: true, identity: 'm' }],
    [block({ type: 'text' }), { message: true }],
    [
      block({ type: 'tool_use', name: 'shell' }),
      { name: 'function_call', from: 'output_item_added', token: true, toolName: 'shell' },
    ],
    [
      block({ type: 'tool_use', name: 'a sentence' }),
      { name: 'function_call', from: 'output_item_added', token: true },
    ],
    [block({ type: 'thinking' }), {}],
    [delta('text_delta'), { name: 'text_delta', delta: true, token: true }],
    [delta('thinking_delta'), { name: 'reasoning_content_delta', delta: true, token: true }],
    [delta('input_json_delta'), { name: 'tool_input_delta', delta: true }],
    [delta('signature_delta'), { delta: true }],
    [change('end_turn'), {}],
    [{ type: 'ping' }, {}],
    [stop, { name: 'completed', end: endWith({}) }],
  ])('reads %j', (event, read) => {
    expect(readEvents(anthropicMessages, [event])).toEqual([read]);
  });

  it('ends with everything that the earlier events reported', () => {
    expect(ended([start({ usage }), change('end_turn', { usage: { output_tokens: 20 } }), stop])).toEqual(
      endWith({
        identity: 'm',
        responseId: 'm',
        model: 'claude',
        serviceTier: 'standard',
        usage: tokens(100, 20),
        finishReason: 'stop',
      }),
    );
  });

  it('takes the usage of a proxy that sends it with the end', () => {
    expect(ended([start(), change('end_turn'), { ...stop, usage }])?.usage).toEqual(tokens(100, 1));
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['tool_use', 'tool_calls'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'pause_turn'],
    ['a sentence', undefined],
    [null, undefined],
  ])('with the stop reason %s has the finish reason %s', (reason, finishReason) => {
    expect(ended([start(), change(reason), stop])?.finishReason).toBe(finishReason);
    expect(ended([start({ stop_reason: reason }), change(null), stop])?.finishReason).toBe(finishReason);
  });

  it.each<[string, readonly object[], unknown, unknown]>([
    ['the higher of two counts', [{ ...usage, output_tokens: 20 }, { output_tokens: 5 }], tokens(100, 20), undefined],
    ['a count that does not change', [usage, { output_tokens: 1 }], tokens(100, 1), undefined],
    ['the known count if a zero follows', [usage, { input_tokens: 0, output_tokens: 9 }], tokens(100, 9), undefined],
    [
      'the known count if none follows',
      [usage, { input_tokens: null, output_tokens: undefined }],
      tokens(100, 1),
      undefined,
    ],
    ['no usage if its counts are words', [{ input_tokens: 'many' }], undefined, 'its usage is malformed'],
    ['no usage', [], undefined, undefined],
  ])('reads %s', (_what, reports, counted, problem) => {
    const [first, ...others] = reports;
    const end = ended([start({ usage: first }), ...others.map((more) => change('end_turn', { usage: more })), stop]);
    expect([end?.usage, end?.problem]).toEqual([counted, problem]);
  });

  it.each([null, 'many', 5, undefined])('ignores %s in place of a usage', (report) => {
    expect(ended([start({ usage }), change('end_turn', { usage: report }), stop])?.usage).toEqual(tokens(100, 1));
    const end = ended([start({ usage: report }), stop]);
    expect([end?.usage, end?.problem]).toEqual([undefined, undefined]);
  });

  it('keeps the earlier usage if a later one cannot be read', () => {
    const unreadable = {
      get output_tokens(): number {
        throw new Error('no');
      },
    };
    expect(ended([start({ usage }), change('end_turn', { usage: unreadable }), stop])?.usage).toEqual(tokens(100, 1));
  });

  it('starts again with another message', () => {
    expect(ended([start({ usage }), change('end_turn'), start({ id: 'n', model: undefined }), stop])).toEqual(
      endWith({ identity: 'n', responseId: 'n' }),
    );
  });

  it('that breaks off has ended if it has a stop reason, and returns its end once', () => {
    const reader = anthropicMessages.open();
    reader.read(start({ usage }), 'message_start');
    expect(reader.end?.(false)).toBeUndefined();
    reader.read(change('max_tokens'), 'message_delta');
    expect(reader.end?.(false)).toEqual(ended([start({ usage }), change('max_tokens'), stop]));
    expect(reader.end?.(false)).toBeUndefined();
  });
});

describe('anthropicMessages.whole', () => {
  it('reads a message', () => {
    const answer = { type: 'message', id: 'm', model: 'claude', content: [], stop_reason: 'end_turn', usage };
    expect(anthropicMessages.whole(answer)).toEqual([
      { name: 'completed', end: ended([start({ usage }), change('end_turn'), stop]) },
    ]);
  });

  it.each([
    ['another type', { type: 'completion', content: [] }],
    ['no type', { content: [] }],
    ['content that is not a list', { type: 'message', content: 'x' }],
    ['nothing', undefined],
  ])('leaves %s to others', (_what, answer) => {
    expect(anthropicMessages.whole(answer)).toBeUndefined();
  });
});
