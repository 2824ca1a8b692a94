import { describe, expect, it } from '@jest/globals';
import { chatCompletions } from '../../../src/turn/readers/chat-completions.ts';
import type { ResponseEnd } from '../../../src/turn/response-event.ts';
import { endWith, readEvents, tokens } from './read-events.ts';

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const chunk = (choice: object, more: object = {}) => ({ id: 'c', created: 7, model: 'm', choices: [choice], ...more });
const says = (content: string) => ({ delta: { content } });
const stops = (finish_reason: unknown) => ({ delta: {}, finish_reason });

/** How a stream of these chunks ended. */
function endOf(chunks: readonly unknown[], { told = false } = {}): ResponseEnd | undefined {
  const reader = chatCompletions.open();
  for (const each of chunks) reader.read(each, undefined);
  return reader.end?.(told);
}

describe('chatCompletions.accepts', () => {
  it.each<[string, unknown, string | undefined, boolean]>([
    ['choices', { choices: [] }, undefined, true],
    ['choices, and a type of its own', { choices: [] }, 'chunk', true],
    ['choices that are not a list', { choices: 'x' }, undefined, false],
    ['the object of a chunk', { object: 'chat.completion.chunk' }, 'chunk', true],
    ['the object of a completion', { object: 'chat.completion' }, undefined, true],
    ['an object whose name only ends in that of a completion', { object: 'a chat.completion' }, undefined, false],
    ['an object that is not a text', { object: 5 }, undefined, false],
    ['a usage alone', { usage }, undefined, true],
    ['a usage in an event with a type', { usage }, 'finish', false],
    ['a malformed usage', { usage: 'x' }, undefined, false],
    ['nothing', undefined, undefined, false],
  ])('checks an event with %s', (_what, event, type, accepted) => {
    expect(chatCompletions.accepts(event, type)).toBe(accepted);
  });
});

describe('a stream of chat completions', () => {
  const created = { name: 'created', starts: true };
  const text = { name: 'text_delta', delta: true, token: true, message: true };
  const reasoning = { name: 'reasoning_content_delta', delta: true, token: true };
  const call = { name: 'function_call', from: 'output_item_added', token: true, toolName: 'shell' };
  const input = { name: 'tool_input_delta', delta: true };
  const named = { function: { name: 'shell', arguments: '' } };

  it.each<[object, object]>([
    [says('x'), text],
    [{ text: 'x' }, text],
    [{ delta: { reasoning_content: 'x' } }, reasoning],
    [{ delta: { reasoning: 'x' } }, reasoning],
    [{ delta: { tool_calls: [named] } }, call],
    [{ delta: { tool_calls: [{ function: { arguments: '{' } }] } }, input],
    [{ delta: { tool_calls: [{ function: { name: '' } }] } }, input],
    [{ delta: { tool_calls: [{}], reasoning: 'x' } }, input],
    [{ delta: { tool_calls: [], reasoning: 'x' } }, reasoning],
    [{ delta: { tool_calls: 'x', reasoning: 'x' } }, reasoning],
    [{ delta: { content: 'x', tool_calls: [named], reasoning: 'x' } }, text],
  ])('reads a choice %j', (choice, read) => {
    expect(readEvents(chatCompletions, [chunk(says('')), chunk(choice)])).toEqual([created, read]);
    expect(readEvents(chatCompletions, [chunk(choice), chunk(choice)])).toEqual([{ ...read, starts: true }, read]);
  });

  it.each<[object]>([
    [{ delta: { role: 'assistant', content: '' } }],
    [{ delta: {} }],
    [{ text: '' }],
    [stops('stop')],
  ])('reads only the start in %j', (choice) => {
    expect(readEvents(chatCompletions, [chunk(choice), chunk(choice)])).toEqual([created, {}]);
  });

  it.each([undefined, null, 'x', [], [null]])('reads nothing in the choices %j', (choices) => {
    expect(readEvents(chatCompletions, [{ choices }, { choices }])).toEqual([created, {}]);
  });

  it('has failed if its finish reason is an error', () => {
    const error = { code: 'error', message: 'the server ended its answer with finish_reason "error"' };
    const failure = { name: 'error', failure: { error } };
    expect(readEvents(chatCompletions, [chunk(says('x')), chunk(stops('error'))])[1]).toEqual(failure);
    expect(readEvents(chatCompletions, [chunk(stops('error'))])).toEqual([failure]);
    expect(readEvents(chatCompletions, [chunk({ ...says('x'), finish_reason: 'error' })])).toEqual([
      { ...text, starts: true },
    ]);
    expect(endOf([chunk(stops('error'))])).toMatchObject({ status: 'failed', finishReason: 'error', error });
  });
});

describe('the end of a chat completion', () => {
  it('has everything that its chunks reported', () => {
    const chunks = [
      chunk(says('x'), { service_tier: 'auto' }),
      chunk(stops('length'), { created: 8, model: 'n', service_tier: 'default' }),
      chunk({}, { usage }),
    ];
    expect(endOf(chunks)).toEqual(
      endWith({
        identity: 'c 7 100 20',
        responseId: 'c',
        model: 'm',
        serviceTier: 'default',
        usage: tokens(100, 20),
        finishReason: 'length',
      }),
    );
  });

  it('has no identity without an id', () => {
    expect(endOf([{ choices: [stops('stop')] }])).toEqual(endWith({ finishReason: 'stop' }));
    expect(endOf([{ id: 'c', choices: [stops('stop')] }])?.identity).toBe('c undefined undefined undefined');
  });

  it.each<[string, readonly object[], boolean, boolean]>([
    ['a finish reason', [chunk(stops('stop'))], false, true],
    ['a usage', [chunk({}, { usage })], false, true],
    ['neither', [chunk(says('x'))], false, false],
    ['neither, but [DONE]', [chunk(says('x'))], true, true],
    ['no chunk', [], true, false],
  ])('is known after %s', (_what, chunks, told, known) => {
    expect(endOf(chunks, { told }) !== undefined).toBe(known);
  });

  it.each<[string, readonly object[], unknown, unknown]>([
    ['in a choice', [{ choices: [{ usage }] }], tokens(100, 20), undefined],
    ['of Groq', [{ choices: [], x_groq: { usage } }], tokens(100, 20), undefined],
    [
      'with the names of the Responses API',
      [{ usage: { input_tokens: 5, output_tokens: 2 } }],
      tokens(5, 2),
      undefined,
    ],
    ['first in the chunk', [{ usage, choices: [{ usage: { prompt_tokens: 1 } }] }], tokens(100, 20), undefined],
    [
      'of the last chunk',
      [{ usage: { prompt_tokens: 1, completion_tokens: 1 } }, { usage }],
      tokens(100, 20),
      undefined,
    ],
    ['before zeros', [{ usage }, { usage: { prompt_tokens: 0, completion_tokens: 0 } }], tokens(100, 20), undefined],
    ['before a cost', [{ usage }, { usage: { cost: 1 } }], tokens(100, 20), undefined],
    ['before null', [{ usage }, { usage: null }], tokens(100, 20), undefined],
    ['of zeros', [{ usage: { prompt_tokens: 0, completion_tokens: 0 } }], tokens(0, 0), undefined],
    ['after a cost', [{ usage: { cost: 1 } }, { usage }], tokens(100, 20), undefined],
    ['of words, which is malformed', [{ usage: { prompt_tokens: 'many' } }], undefined, 'its usage is malformed'],
    ['of null', [{ usage: null }], undefined, undefined],
    ['of null of Groq', [{ x_groq: { usage: null } }], undefined, undefined],
  ])('takes the usage %s', (_where, chunks, counted, problem) => {
    const end = endOf([chunk(stops('stop')), ...chunks]);
    expect([end?.usage, end?.problem]).toEqual([counted, problem]);
  });

  it.each(['prompt_tokens', 'completion_tokens', 'total_tokens', 'input_tokens', 'output_tokens'])(
    'takes a later usage that has only %s',
    (name) => {
      const later = { [name]: 1 };
      // A single count is not a valid usage, so the result shows which of the two was taken.
      const end = endOf([chunk(stops('stop'), { usage }), { usage: later }]);
      const other = endOf([chunk(stops('stop'), { usage: later })]);
      expect([end?.usage, end?.problem]).toEqual([other?.usage, other?.problem]);
    },
  );

  it('keeps the last finish reason that is a word', () => {
    const reasons = ['stop', 'length', null, 'a sentence'].map((reason) => chunk(stops(reason)));
    expect(endOf(reasons)?.finishReason).toBe('length');
  });
});

describe('a chat completion', () => {
  const next = (choice: object, more: object = {}) => ({ id: 'd', choices: [choice], ...more });
  const role = { delta: { role: 'assistant' } };

  it.each<[string, readonly object[], object, boolean]>([
    ['another id and a role', [chunk(stops('stop'))], next(role), true],
    ['another id and a text', [chunk(stops('stop'))], next(says('x')), true],
    ['another id and nothing else', [chunk(stops('stop'))], next({ delta: {} }), false],
    ['another id and no choice', [chunk(stops('stop'))], { id: 'd', usage }, false],
    ['another id and choices that are not a list', [chunk(stops('stop'))], { id: 'd', choices: 'x' }, false],
    ['the same id', [chunk(stops('stop'))], chunk(role), false],
    ['no id', [chunk(stops('stop'))], { choices: [role] }, false],
    ['another id before its finish reason', [chunk(says('x'))], next(role), false],
    [
      'another id, if ids have varied before',
      [chunk(says('x')), next(says('y')), chunk(stops('stop'))],
      { ...next(role), id: 'e' },
      false,
    ],
    [
      'a finish reason with a usage',
      [chunk(stops('stop'))],
      next({ ...role, finish_reason: 'stop' }, { usage }),
      false,
    ],
    ['a finish reason without a usage', [chunk(stops('stop'))], next({ ...role, finish_reason: 'stop' }), true],
    ['a usage without a finish reason', [chunk(stops('stop'))], next(role, { usage }), true],
  ])('is followed by another one: %s', (_what, chunks, event, followed) => {
    const reader = chatCompletions.open();
    for (const each of chunks) reader.read(each, undefined);
    expect(reader.isFollowedBy?.(event)).toBe(followed);
  });

  it('does not treat a chunk without an id as one with another id', () => {
    const reader = chatCompletions.open();
    for (const each of [{ choices: [says('x')] }, chunk(says('y')), { choices: [] }, chunk(stops('stop'))]) {
      reader.read(each, undefined);
    }
    expect(reader.isFollowedBy?.(next(role))).toBe(true);
  });
});

describe('chatCompletions.whole', () => {
  it('reads a completion', () => {
    const message = { message: { content: 'x' }, finish_reason: 'stop' };
    expect(chatCompletions.whole(chunk(message, { usage }))).toEqual([
      { name: 'completed', end: endOf([chunk(stops('stop'), { usage })]) },
    ]);
    expect(chatCompletions.whole({ choices: [] })).toEqual([{ name: 'completed', end: endWith({}) }]);
    expect(chatCompletions.whole(chunk(stops('error')))?.[0]?.name).toBe('failed');
  });

  it.each([[{ choices: 'x' }], [{}], [undefined]])('leaves %j to others', (answer) => {
    expect(chatCompletions.whole(answer)).toBeUndefined();
  });
});
