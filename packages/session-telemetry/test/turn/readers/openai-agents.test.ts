import { describe, expect, it } from '@jest/globals';
import { openAiAgents } from '../../../src/turn/readers/openai-agents.ts';
import { endWith, readEvents, tokens } from './read-events.ts';

const usage = { inputTokens: 100, outputTokens: 20, totalTokens: 120 };
const raw = (data: unknown) => ({ type: 'raw_model_stream_event', data });
const model = (event: unknown) => raw({ type: 'model', event });
const started = raw({ type: 'response_started' });
const text = raw({ type: 'output_text_delta', delta: 'x' });
const done = raw({ type: 'response_done', response: { id: 'a', usage, providerData: { model: 'm' } } });
const end = endWith({ identity: 'a 100 20', responseId: 'a', model: 'm', usage: tokens(100, 20) });

function after(events: readonly unknown[]) {
  const reader = openAiAgents.open();
  for (const event of events) reader.read(event, 'raw_model_stream_event');
  return reader;
}

describe('openAiAgents.accepts', () => {
  it.each([
    ['raw_model_stream_event', true],
    ['run_item_stream_event', true],
    ['agent_updated_stream_event', true],
    ['response.created', false],
    ['', false],
    [undefined, false],
  ])('an event of the type %s: %s', (type, accepted) => {
    expect(openAiAgents.accepts({}, type)).toBe(accepted);
  });
});

describe('a run of @openai/agents', () => {
  it('reads the events of the SDK itself', () => {
    expect(readEvents(openAiAgents, [started, text, done])).toEqual([
      { name: 'created', starts: true },
      { name: 'text_delta', delta: true, token: true },
      {},
    ]);
  });

  it.each([
    { type: 'run_item_stream_event', data: { type: 'response_started' } },
    { type: 'agent_updated_stream_event', data: { type: 'output_text_delta' } },
    raw({ type: 'another' }),
    raw(undefined),
    model({ type: 'unknown' }),
    model(undefined),
  ])('reads nothing in %j', (event) => {
    expect(readEvents(openAiAgents, [event])).toEqual([{}]);
  });

  it('reads what the model’s server sent instead of the SDK’s own events, except for their start', () => {
    const chunk = model({ id: 'a', choices: [{ delta: { content: 'x' } }] });
    expect(readEvents(openAiAgents, [started, chunk, text, chunk])).toEqual([
      { name: 'created', starts: true },
      { name: 'text_delta', delta: true, token: true, message: true, starts: false },
      {},
      { name: 'text_delta', delta: true, token: true, message: true },
    ]);
    expect(readEvents(openAiAgents, [model({ type: 'response.created', response: { id: 'a' } }), text])).toEqual([
      { name: undefined, starts: false, identity: 'a' },
      {},
    ]);
    expect(readEvents(openAiAgents, [model({ type: 'start-step' })])).toEqual([{ name: undefined, starts: false }]);
  });

  it('has ended when the SDK reports it, unless the server already has', () => {
    expect(after([started, text]).end?.(false)).toBeUndefined();
    expect(after([started, text, done]).end?.(false)).toEqual(end);
    expect(after([started, text, done, started]).end?.(false)).toBeUndefined();
    const completed = model({ type: 'response.completed', response: { id: 'a', model: 'm' } });
    expect(after([started, done, completed]).end?.(false)).toBeUndefined();
    // The next response is read from its start.
    expect(after([started, done, completed, started]).read(text, 'raw_model_stream_event')).toMatchObject({
      name: 'text_delta',
    });
    expect(after([started, completed]).read(text, 'raw_model_stream_event')).toMatchObject({ name: 'text_delta' });
  });

  it('takes the end of a chat completion from its chunks, once the SDK reports the end', () => {
    const chunks = [started, model({ id: 'c', choices: [{ delta: { content: 'x' } }] })];
    expect(after(chunks).end?.(false)).toBeUndefined();
    expect(after([...chunks, done]).end?.(false)).toEqual(
      endWith({ identity: 'c undefined undefined undefined', responseId: 'c' }),
    );
    expect(after([...chunks, done, started, done]).end?.(false)).toEqual(end);
  });

  it('is followed by another response if one has ended and another starts', () => {
    expect(after([started, done]).isFollowedBy?.(started)).toBe(true);
    expect(after([started, done]).isFollowedBy?.(text)).toBe(false);
    expect(after([started]).isFollowedBy?.(started)).toBe(false);
  });

  it.each([
    ['no usage', {}, undefined, undefined],
    ['a usage of words', { usage: 'many' }, undefined, 'its usage is malformed'],
    ['a usage', { usage }, tokens(100, 20), undefined],
  ])('has an end with %s', (_what, response, counted, problem) => {
    const read = after([started, raw({ type: 'response_done', response })]).end?.(false);
    expect(read).toEqual(endWith({ usage: counted, problem }));
  });
});

describe('openAiAgents.whole', () => {
  it('reads each response, by the id of the SDK or of the provider', () => {
    const providerData = { id: 'p', model: 'm' };
    expect(
      openAiAgents.whole({
        rawResponses: [
          { responseId: 'a', usage, providerData },
          { usage, providerData },
        ],
      }),
    ).toEqual([
      { name: 'completed', end },
      {
        name: 'completed',
        end: endWith({ identity: 'p 100 20', responseId: 'p', model: 'm', usage: tokens(100, 20) }),
      },
    ]);
  });

  it.each([[{ rawResponses: 'x' }], [{}], [undefined]])('leaves %j to others', (answer) => {
    expect(openAiAgents.whole(answer)).toBeUndefined();
  });
});
