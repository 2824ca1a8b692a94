import { describe, expect, it } from '@jest/globals';
import { aiSdk } from '../../../src/turn/readers/ai-sdk.ts';
import { endWith, readEvents, tokens } from './read-events.ts';

const usage = { inputTokens: 100, outputTokens: 20, totalTokens: 120 };
const call = { name: 'function_call', from: 'output_item_added', token: true, toolName: 'shell' };

describe('aiSdk.accepts', () => {
  it.each([
    'start',
    'start-step',
    'stream-start',
    'response-metadata',
    'text-start',
    'text-delta',
    'reasoning-start',
    'reasoning-delta',
    'tool-input-start',
    'tool-input-available',
    'tool-call',
    'finish-step',
    'finish',
  ])('a part of the type %s', (type) => {
    expect(aiSdk.accepts({}, type)).toBe(true);
  });

  it.each(['', 'error', 'abort', 'raw', 'response.created', undefined])('no event of the type %j', (type) => {
    expect(aiSdk.accepts({}, type)).toBe(false);
  });
});

describe('a stream of the AI SDK', () => {
  it.each([
    ['text-delta', { name: 'text_delta', delta: true, token: true, message: true }],
    ['reasoning-delta', { name: 'reasoning_content_delta', delta: true, token: true }],
    ['tool-input-delta', { name: 'tool_input_delta', delta: true }],
    ['tool-input-start', call],
    ['tool-call', call],
    ['start-step', { name: 'created', starts: true }],
    ['stream-start', { name: 'created', starts: true }],
    ['response-metadata', {}],
    ['text-start', {}],
    ['abort', { name: 'cancelled', end: endWith({ status: 'cancelled', finishReason: 'cancelled' }) }],
  ])('names a %s', (type, read) => {
    expect(readEvents(aiSdk, [{ type, toolName: 'shell' }])).toEqual([read]);
  });

  it('names a tool once in each step', () => {
    const parts = [
      'tool-input-start',
      'tool-call',
      'start-step',
      'tool-call',
      'tool-input-start',
      'stream-start',
      'tool-call',
    ];
    const read = readEvents(
      aiSdk,
      parts.map((type) => ({ type, toolName: 'shell' })),
    );
    expect(read.map(({ name }) => name)).toEqual([
      'function_call',
      undefined,
      'created',
      'function_call',
      'function_call',
      'created',
      'function_call',
    ]);
    expect(readEvents(aiSdk, [{ type: 'tool-call', toolName: 'a sentence' }])[0]?.toolName).toBeUndefined();
  });

  it('ends at each step, and does not treat the sum at the end as another step', () => {
    const response = { id: 'a', modelId: 'm', timestamp: new Date(7) };
    const step = { type: 'finish-step', response, usage, finishReason: 'tool-calls' };
    expect(readEvents(aiSdk, [step, { type: 'finish', totalUsage: usage }])).toEqual([
      {
        name: 'completed',
        end: endWith({
          identity: 'a 7 100 20',
          responseId: 'a',
          model: 'm',
          usage: tokens(100, 20),
          finishReason: 'tool_calls',
        }),
      },
      { aside: true },
    ]);
  });

  it('ends with the metadata of a model’s stream', () => {
    const read = readEvents(aiSdk, [
      { type: 'response-metadata', id: 'a', modelId: 'm', timestamp: 'yesterday' },
      { type: 'finish', totalUsage: usage, finishReason: { unified: 'content-filter' } },
    ]);
    expect(read[1]).toEqual({
      name: 'completed',
      end: endWith({
        identity: 'a  100 20',
        responseId: 'a',
        model: 'm',
        usage: tokens(100, 20),
        finishReason: 'content_filter',
      }),
    });
  });

  it('has no usage if the server sends none', () => {
    expect(readEvents(aiSdk, [{ type: 'finish-step', response: { id: 'a' }, usage: {} }])).toEqual([
      { name: 'completed', end: endWith({ identity: 'a  undefined undefined', responseId: 'a' }) },
    ]);
    expect(readEvents(aiSdk, [{ type: 'finish-step' }])).toEqual([{ name: 'completed', end: endWith({}) }]);
  });

  it('has failed if its finish reason is an error', () => {
    for (const finishReason of ['error', { unified: 'error' }]) {
      expect(readEvents(aiSdk, [{ type: 'finish-step', finishReason }])).toEqual([
        { name: 'failed', end: endWith({ status: 'failed', finishReason: 'error', error: { code: 'error' } }) },
      ]);
    }
  });
});

describe('aiSdk.whole', () => {
  it('reads the steps of a result, or the result of a model', () => {
    const step = { response: { id: 'a' }, usage, finishReason: 'stop' };
    const end = endWith({ identity: 'a  100 20', responseId: 'a', usage: tokens(100, 20), finishReason: 'stop' });
    expect(aiSdk.whole({ steps: [step, step] })).toEqual([
      { name: 'completed', end },
      { name: 'completed', end },
    ]);
    expect(aiSdk.whole({ content: [], ...step })).toEqual([{ name: 'completed', end }]);
  });

  it.each([
    ['content without a finish reason', { content: [] }],
    ['a finish reason without content', { finishReason: 'stop' }],
    ['content that is not a list', { content: 'x', finishReason: 'stop' }],
    ['steps that are not a list', { steps: 'x' }],
    ['nothing', undefined],
  ])('leaves %s to others', (_what, answer) => {
    expect(aiSdk.whole(answer)).toBeUndefined();
  });
});
