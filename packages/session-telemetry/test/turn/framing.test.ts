import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { fakeSession } from './fake-session.ts';
import type { ModelAnswer, ModelServer } from './model-server.ts';
import { startModelServer } from './model-server.ts';
import { readAll, responseUsage } from './response-streams.ts';

const created = { type: 'response.created', response: { id: 'resp_1' } };
const delta = { type: 'response.output_text.delta', delta: 'café 😀' };
const completed = { type: 'response.completed', response: { id: 'resp_1', usage: responseUsage(3, 1, 5, 2) } };
const frame = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const text = [created, delta, completed].map(frame).join('');
const bytes = (whole: string): readonly Uint8Array[] =>
  [...new TextEncoder().encode(whole)].map((byte) => Uint8Array.of(byte));
const multiline = JSON.stringify(completed, undefined, 1)
  .split('\n')
  .map((line) => `data: ${line}\n`)
  .join('');

/** Bodies with the same meaning. */
const BODIES: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  'a blank line after the last event': [text],
  'one newline after the last event': [text.slice(0, -1)],
  'no newline after the last event': [text.slice(0, -2)],
  CRLF: [text.replaceAll('\n', '\r\n')],
  'CRLF, one after the last event': [text.replaceAll('\n', '\r\n').slice(0, -2)],
  'CRLF, and half of one at the end': [text.replaceAll('\n', '\r\n').slice(0, -1)],
  CR: [text.replaceAll('\n', '\r')],
  'CR, none after the last event': [text.replaceAll('\n', '\r').slice(0, -2)],
  'CRLF between pieces': text.replaceAll('\n', '\r\n').split(/(?<=\r)/),
  'one byte at a time': bytes(text),
  'one byte at a time, unterminated': bytes(text.slice(0, -2)),
  'comments, ids and retries': [': hi\n\n', 'retry: 100\nid: 3\n', text, ': bye'],
  'a byte-order mark': ['\uFEFF', text],
  'no space after the colon': [text.replaceAll(': ', ':')],
  'several lines of data': [frame(created), frame(delta), multiline, '\n'],
  'several lines of data, unterminated': [frame(created), frame(delta), multiline],
  'keep-alives': [
    frame(created),
    ': keep-alive\n\n',
    ':\n\n',
    frame({ type: 'keepalive' }),
    frame(delta),
    frame(completed),
  ],
  'no names': [text.replaceAll(/event: .*\n/g, '')],
  '[DONE] after the end': [text, 'data: [DONE]\n\n'],
  '[DONE] unterminated': [text, 'data: [DONE]'],
  'events after [DONE]': [text, 'data: [DONE]\n\n', frame(completed)],
};

describe('what observeSse returns', () => {
  let server: ModelServer;
  beforeAll(async () => {
    const answers = Object.values(BODIES).map((pieces): ModelAnswer => ({ kind: 'stream', pieces }));
    server = await startModelServer(answers.flatMap((answer) => [answer, answer]));
  });
  afterAll(() => server.close());

  it.each(Object.keys(BODIES))('is what the openai package returns: %s', async () => {
    const client = new OpenAI({ apiKey: 'key', baseURL: server.url, maxRetries: 0 });
    const theirs = await readAll<object>(await client.responses.create({ model: 'm', input: 'x', stream: true }));
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    expect(await readAll(turn.observeSse(() => fetch(server.url)))).toEqual(theirs);
    expect(theirs).toContainEqual(completed);
    expect(turn.end().totalTokens).toBe(8);
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect([...told('sseEventFailed'), ...told('sseEventCompletedFailed')]).toEqual([]);
  });
});
