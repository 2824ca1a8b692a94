import { describe, expect, it } from '@jest/globals';
import { readResponseEvent, responses } from '../../../src/turn/readers/responses.ts';
import { endWith, readEvents, tokens } from './read-events.ts';

const usage = { input_tokens: 100, output_tokens: 20, total_tokens: 120 };

describe('responses.accepts', () => {
  it.each([
    ['response.created', true],
    ['codex.rate_limits', true],
    ['response', false],
    ['a response.', false],
    ['a codex.', false],
    ['message_start', false],
    [undefined, false],
  ])('an event of the type %s: %s', (type, accepted) => {
    expect(responses.accepts({}, type)).toBe(accepted);
  });
});

it('reads a whole answer that a proxy sends as the only event', () => {
  const answer = { object: 'response', id: 'r', status: 'completed', output: [], usage };
  expect(responses.accepts(answer, undefined)).toBe(true);
  expect(readResponseEvent(answer)).toEqual(responses.whole(answer)?.[0]);
  expect(readResponseEvent(answer).end?.usage).toEqual(tokens(100, 20));
});

describe('readResponseEvent', () => {
  it.each([
    ['response.output_text.delta', { name: 'text_delta', delta: true, token: true }],
    ['response.reasoning_summary_text.delta', { name: 'reasoning_summary_delta', delta: true, token: true }],
    ['response.reasoning_text.delta', { name: 'reasoning_content_delta', delta: true, token: true }],
    ['response.function_call_arguments.delta', { name: 'tool_input_delta', delta: true }],
    ['response.custom_tool_call_input.delta', { name: 'tool_input_delta', delta: true }],
    ['response.code_interpreter_call_code.delta', { delta: true }],
    ['response.reasoning_summary_text.done', { name: 'reasoning_summary_done' }],
    ['response.reasoning_summary_part.added', { name: 'reasoning_summary_part_added' }],
    ['response.output_text.done', {}],
    ['response.delta.done', {}],
  ])('knows %s by its type', (type, read) => {
    expect(readResponseEvent({ type })).toEqual(read);
    expect(readEvents(responses, [{ type }])).toEqual([read]);
  });

  it.each([
    'server_model',
    'model_verifications',
    'turn_moderation_metadata',
    'safety_buffering',
    'server_reasoning_included',
    'rate_limits',
    'models_etag',
  ])('treats %s as an event of the connection, with either prefix', (name) => {
    expect(readResponseEvent({ type: `codex.${name}` })).toEqual({ name, aside: true });
    expect(readResponseEvent({ type: `response.${name}` })).toEqual({ name, aside: true });
  });

  it.each([undefined, null, 5, {}])('has no name for an event whose type is %s', (type) => {
    expect(readResponseEvent({ type })).toEqual({});
  });

  it('reads the id of a response from the events before its end', () => {
    const response = { id: 'r' };
    expect(readResponseEvent({ type: 'response.created', response })).toEqual({
      name: 'created',
      starts: true,
      identity: 'r',
    });
    expect(readResponseEvent({ type: 'response.queued', response })).toEqual({ identity: 'r' });
    expect(readResponseEvent({ type: 'response.in_progress', response })).toEqual({ identity: 'r' });
    expect(readResponseEvent({ type: 'response.created' })).toEqual({ name: 'created', starts: true });
  });

  it('reads an error, nested or flat', () => {
    const flat = { type: 'error', message: 'm' };
    expect(readResponseEvent({ type: 'error', error: 'e' })).toEqual({ name: 'error', failure: { error: 'e' } });
    expect(readResponseEvent(flat)).toEqual({ name: 'error', failure: { error: flat } });
  });

  it.each([
    ['agent_message', false],
    ['additional_tools', false],
    ['reasoning', false],
    ['local_shell_call', true],
    ['function_call', true],
    ['function_call_output', false],
    ['tool_search_call', true],
    ['tool_search_output', false],
    ['custom_tool_call', true],
    ['custom_tool_call_output', false],
    ['web_search_call', true],
    ['image_generation_call', true],
    ['compaction', true],
    ['compaction_trigger', false],
    ['context_compaction', true],
  ])('names an item of the type %s, which counts as a token: %s', (type, token) => {
    for (const from of ['output_item_added', 'output_item_done']) {
      const event = { type: `response.${from.replaceAll('item_', 'item.')}`, item: { type } };
      expect(readResponseEvent(event)).toEqual({ name: type, from, token });
    }
  });

  it('names the tool of a function call, and of no other item', () => {
    const added = (item: object) => readResponseEvent({ type: 'response.output_item.added', item });
    expect(added({ type: 'function_call', name: 'shell' }).toolName).toBe('shell');
    expect(added({ type: 'function_call', name: 'a sentence' }).toolName).toBeUndefined();
    expect(added({ type: 'custom_tool_call', name: 'shell' }).toolName).toBeUndefined();
  });

  it.each([[{ type: 'mcp_call' }], [{ type: 5 }], [{}], [undefined]])('names any other item "other": %j', (item) => {
    const event = { type: 'response.output_item.done', item };
    expect(readResponseEvent(event)).toEqual({ name: 'other', from: 'output_item_done' });
  });

  it.each([
    ['a summary', { summary: [{ text: 'x' }] }, true],
    ['content', { content: [{}, { text: 'x' }] }, true],
    ['an empty text', { summary: [{ text: '' }], content: [{ text: '' }] }, false],
    ['texts instead of lists', { summary: 'x', content: 'x' }, false],
  ])('counts reasoning with %s as a token: %s', (_what, item, token) => {
    const event = { type: 'response.output_item.done', item: { type: 'reasoning', ...item } };
    expect(readResponseEvent(event).token).toBe(token);
  });

  it('reads messages: one of the assistant starts a message, and is the answer once it is done', () => {
    const read = (from: string, item: object) => readResponseEvent({ type: `response.output_item.${from}`, item });
    const answer = { type: 'message', role: 'assistant', content: [{ text: 'x' }] };
    const empty = { type: 'message', role: 'assistant', content: [] };
    const user = { type: 'message', role: 'user', content: [{ text: 'x' }] };
    const assistant = { name: 'message_from_assistant', message: true };
    expect(read('added', empty)).toEqual({ ...assistant, from: 'output_item_added', token: false });
    expect(read('added', answer)).toEqual({ ...assistant, from: 'output_item_added', token: true });
    expect(read('done', answer)).toEqual({ ...assistant, from: 'output_item_done', token: true, item: answer });
    expect(read('done', user)).toEqual({
      name: 'message_from_user',
      from: 'output_item_done',
      message: false,
      token: false,
    });
    expect(read('done', { type: 'message', role: 'two words' }).name).toBe('message_from_unknown');
  });
});

describe('the end of a response', () => {
  const end = (type: string, response: object, more: object = {}) =>
    readResponseEvent({ type: `response.${type}`, response: { id: 'r', ...response }, ...more });
  const called = endWith({ identity: 'r', responseId: 'r', finishReason: 'stop' });

  it('has everything that the server sends', () => {
    const response = { model: 'm', service_tier: 'flex', reasoning: { effort: 'low' }, usage };
    expect(end('completed', response)).toEqual({
      name: 'completed',
      end: endWith({
        identity: 'r',
        responseId: 'r',
        model: 'm',
        serviceTier: 'flex',
        reasoningEffort: 'low',
        usage: tokens(100, 20),
        finishReason: 'stop',
      }),
    });
  });

  it.each([
    ['completed', {}, 'completed', 'stop', undefined],
    ['completed', { status: null }, 'completed', 'stop', undefined],
    ['completed', { status: 'completed' }, 'completed', 'stop', undefined],
    ['completed', { status: 'in_progress' }, 'completed', 'stop', undefined],
    ['done', {}, 'completed', 'stop', undefined],
    ['done', { status: 'failed', error: 'e' }, 'failed', 'error', 'e'],
    ['done', { status: 'cancelled' }, 'cancelled', 'cancelled', undefined],
    ['failed', { error: 'e' }, 'failed', 'error', 'e'],
    ['cancelled', {}, 'cancelled', 'cancelled', undefined],
  ])(
    'after response.%s with %j has the status %s and the finish reason %s',
    (type, response, status, finishReason, error) => {
      expect(end(type, response)).toEqual({
        name: status,
        end: endWith({ status, identity: 'r', responseId: 'r', finishReason, error }),
      });
    },
  );

  it.each([
    ['max_output_tokens', 'length', 'max_output_tokens'],
    ['content_filter', 'content_filter', 'content_filter'],
    ['two words', 'length', 'unknown'],
    [undefined, 'length', 'unknown'],
  ])('is incomplete for the reason %s', (reason, finishReason, said) => {
    for (const read of [
      end('incomplete', { incomplete_details: { reason } }),
      end('done', { status: 'incomplete', incomplete_details: { reason } }),
    ]) {
      expect(read).toEqual({
        name: 'incomplete',
        end: endWith({
          status: 'incomplete',
          identity: 'r',
          responseId: 'r',
          finishReason,
          error: { code: 'response_incomplete', message: `Incomplete response returned, reason: ${said}` },
        }),
      });
    }
  });

  it.each([
    ['function_call', 'tool_calls'],
    ['custom_tool_call', 'tool_calls'],
    ['local_shell_call', 'tool_calls'],
    ['web_search_call', 'stop'],
    ['message', 'stop'],
  ])('with an item %s in its output has the finish reason %s', (type, finishReason) => {
    expect(end('completed', { output: [{ type: 'message' }, { type }] }).end?.finishReason).toBe(finishReason);
  });

  it.each([
    ['its own usage', { usage }, {}, tokens(100, 20), undefined],
    ['a usage beside it', {}, { usage }, tokens(100, 20), undefined],
    ['both', { usage }, { usage: { input_tokens: 1, output_tokens: 1 } }, tokens(100, 20), undefined],
    [
      'a usage as in chat completions',
      { usage: { prompt_tokens: 7, completion_tokens: 3 } },
      {},
      tokens(7, 3),
      undefined,
    ],
    ['no usage', { usage: null }, {}, undefined, undefined],
    ['a malformed one', { usage: { input_tokens: 'many' } }, {}, undefined, 'its usage is malformed'],
    ['no id', { id: '' }, {}, undefined, 'the response has no id'],
    ['no id and a malformed usage', { id: 5, usage: {} }, {}, undefined, 'the response has no id'],
  ])('with %s', (_what, response, beside, counted, problem) => {
    const read = end('completed', response, beside).end;
    expect([read?.usage, read?.problem]).toEqual([counted, problem]);
  });

  it('takes a usage beside the response from every end', () => {
    for (const type of ['done', 'completed', 'incomplete', 'failed', 'cancelled'])
      expect(end(type, {}, { usage }).end?.usage).toEqual(tokens(100, 20));
    expect(end('completed', {}).end).toEqual(called);
  });

  it.each([
    ['in the response', { error: 'e', status_details: { error: 'd' } }, { error: 'b' }, 'e'],
    ['in the details of its status', { status_details: { error: 'd' } }, { error: 'b' }, 'd'],
    ['beside the response', {}, { error: 'b' }, 'b'],
  ])('takes the error %s', (_where, response, beside, error) => {
    expect(end('failed', response, beside).end?.error).toBe(error);
  });
});

describe('responses.whole', () => {
  it.each([
    ['a response', { object: 'response', id: 'r' }],
    ['an id with an output', { id: 'r', output: [] }],
  ])('reads %s', (_what, answer) => {
    expect(responses.whole(answer)).toEqual([
      { name: 'completed', end: endWith({ identity: 'r', responseId: 'r', finishReason: 'stop' }) },
    ]);
  });

  it.each([
    ['an output without an id', { output: [] }],
    ['an id without an output', { id: 'r' }],
    ['an id with an output that is not a list', { id: 'r', output: 'x' }],
    ['another object', { object: 'chat.completion', id: 'r' }],
    ['nothing', undefined],
  ])('leaves %s to others', (_what, answer) => {
    expect(responses.whole(answer)).toBeUndefined();
  });

  it.each([
    ['queued', 'queued'],
    ['in_progress', 'in_progress'],
    ['two words', 'in_progress'],
  ])('gives a response that is still %s the name %s', (status, name) => {
    expect(responses.whole({ object: 'response', id: 'r', status })).toEqual([{ name, starts: true, identity: 'r' }]);
  });

  it('gives a failed response its status', () => {
    expect(responses.whole({ object: 'response', id: 'r', status: 'failed', error: 'e' })?.[0]?.end).toEqual(
      endWith({ status: 'failed', identity: 'r', responseId: 'r', finishReason: 'error', error: 'e' }),
    );
  });
});
