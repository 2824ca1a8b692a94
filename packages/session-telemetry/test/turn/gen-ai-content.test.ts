import { describe, expect, it } from '@jest/globals';
import type { SessionMetadata } from '../../src/index.ts';
import { sessionFixture } from '../session-fixture.ts';
import { ANSWER, TOOL_CALL } from './response-streams.ts';

const KEY = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL';
const shown = { genAi: 'attributes', logUserPrompts: true, logAgentResponses: true } as const;

const request = {
  instructions: 'Be brief.',
  input: [
    {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: `prompt ${KEY}` }, { type: 'input_image' }],
    },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'thought' }] },
    { type: 'function_call', name: 'shell', call_id: 'call_1', arguments: '{"command":["ls"]}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'listing' },
  ],
};

async function* streamOf(events: readonly object[]): AsyncGenerator<object> {
  yield* events;
}

/** The log records of one model call by the conventions. */
async function details(
  metadata: Partial<SessionMetadata>,
  events: readonly object[] = ANSWER,
  body: unknown = request,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const fixture = sessionFixture(metadata);
  const turn = fixture.session.startTurn({ turnId: 'turn-1', parent: fixture.context });
  for await (const _ of turn.observeResponse(streamOf(events), { request: body }));
  turn.end();
  const named = fixture.logs().filter((log) => log['event.name'] === 'gen_ai.client.inference.operation.details');
  expect(named.length).toBeLessThanOrEqual(1);
  expect(JSON.stringify(fixture.events())).not.toMatch(/prompt |listing|thought/);
  return named[0];
}

const answer = (...parts: readonly object[]) => [{ role: 'assistant', parts }];

describe('the content of a call, by the GenAI conventions', () => {
  it.each<Partial<SessionMetadata>>([
    {},
    { genAi: 'spans', logUserPrompts: false },
    { logUserPrompts: true, logAgentResponses: true },
  ])('is not recorded with %j', async (metadata) => {
    expect(await details(metadata)).toBeUndefined();
  });

  it('is in one log record of the call, with its attributes and without secrets', async () => {
    const log = await details(shown);
    expect(log).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.id': 'resp_1',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.usage.reasoning.output_tokens': 2,
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [{ type: 'text', content: expect.stringMatching(/^prompt /) }, { type: 'input_image' }],
        },
        { role: 'assistant', parts: [{ type: 'reasoning', content: 'thought' }] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'call_1', name: 'shell', arguments: '{"command":["ls"]}' }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'listing' }] },
      ],
      'gen_ai.output.messages': answer(
        { type: 'reasoning', content: 'Thinking' },
        { type: 'text', content: 'Grün 🎉\ndone' },
      ),
    });
    expect(JSON.stringify(log)).not.toContain(KEY);
  });

  it.each<[Partial<SessionMetadata>, RegExp, RegExp]>([
    [{ ...shown, logUserPrompts: false }, /Grün/, /prompt |Be brief|listing/],
    [{ ...shown, logAgentResponses: false }, /prompt /, /Grün/],
    [{ ...shown, logToolArguments: false }, /prompt .*\[REDACTED\]/, /"ls|command/],
    [{ ...shown, logToolOutput: false }, /prompt .*\[REDACTED\]/, /listing/],
    [{ ...shown, toolResultMaxBytes: 3 }, /lis/, /listing/],
    [
      { ...shown, redact: (field) => `<${field}>` },
      /<prompt>.*<arguments>.*<output>.*<response>/,
      /Grün|listing|brief/,
    ],
  ])('follows the switches for the same content in other events: %j', async (metadata, kept, withheld) => {
    const text = JSON.stringify(await details(metadata));
    expect(text).toMatch(kept);
    expect(text).not.toMatch(withheld);
  });

  it('keeps the last messages of a history that is too long', async () => {
    const input = Array.from({ length: 20 }, (_, index) => ({
      role: 'user',
      content: `${index} ${'x'.repeat(100_000)}`,
    }));
    const messages = (await details(shown, ANSWER, { input }))?.['gen_ai.input.messages'];
    const text = JSON.stringify(messages);
    expect(text.length).toBeLessThan(1_200_000);
    expect(text).toContain('19 xxx');
    expect(text).not.toContain('"0 xxx');
  });

  it('assembles the tool call of a stream', async () => {
    const log = await details(shown, TOOL_CALL, null);
    expect(log?.['gen_ai.output.messages']).toEqual(
      answer({ type: 'tool_call', id: 'call_1', name: 'shell', arguments: '{"cmd":"ls"}' }),
    );
    expect(Object.keys(log ?? {})).not.toContain('gen_ai.input.messages');
  });

  it('reads a chat', async () => {
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      id: 'chat_1',
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason }],
    });
    const call = { index: 0, id: 'call_1', function: { name: 'shell', arguments: '{"a"' } };
    const log = await details(
      shown,
      [
        chunk({ role: 'assistant', content: 'Let me ' }),
        chunk({ content: 'look' }),
        chunk({ tool_calls: [call] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
        chunk({}, 'tool_calls'),
      ],
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'hello' },
          { role: 'assistant', content: null, tool_calls: [{ id: 'c0', function: { name: 'f', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: 'c0', content: 'fine' },
        ],
      },
    );
    expect(log?.['gen_ai.output.messages']).toEqual(
      answer(
        { type: 'text', content: 'Let me look' },
        { type: 'tool_call', id: 'call_1', name: 'shell', arguments: '{"a":1}' },
      ),
    );
    expect(log?.['gen_ai.input.messages']).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', content: 'hello' }] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c0', name: 'f', arguments: '{}' }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c0', response: 'fine' }] },
    ]);
  });

  it('reads the messages of Anthropic', async () => {
    const log = await details(
      shown,
      [
        {
          type: 'message_start',
          message: { id: 'msg_1', role: 'assistant', usage: { input_tokens: 1, output_tokens: 1 } },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
        {
          type: 'content_block_start',
          index: 1,
          content_block: { type: 'tool_use', id: 'tu_1', name: 'ls', input: {} },
        },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
        { type: 'message_stop' },
      ],
      {
        system: [{ type: 'text', text: 'Be kind.' }],
        messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't0', content: 'ok' }] }],
      },
    );
    expect(log).toMatchObject({
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be kind.' }],
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'tool_call_response', id: 't0', response: 'ok' }] }],
      'gen_ai.output.messages': answer(
        { type: 'text', content: 'Hi' },
        { type: 'tool_call', id: 'tu_1', name: 'ls', arguments: '{}' },
      ),
    });
  });

  it('reads an answer that was not streamed', async () => {
    const fixture = sessionFixture(shown);
    const turn = fixture.session.startTurn({ turnId: 'turn-1', parent: fixture.context });
    const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done' }] }];
    turn.recordResponse(
      { id: 'resp_1', object: 'response', status: 'completed', output },
      { request: { input: 'hi' } },
    );
    turn.end();
    const log = fixture.logs().find((each) => 'gen_ai.output.messages' in each);
    expect(log?.['gen_ai.output.messages']).toEqual(answer({ type: 'text', content: 'Done' }));
    expect(log?.['gen_ai.input.messages']).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }]);
  });
});
