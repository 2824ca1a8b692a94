import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { fakeSession } from './fake-session.ts';
import { startModelServer } from './model-server.ts';
import { readAll } from './response-streams.ts';
import { SERVER_STREAMS } from './server-streams.ts';

const ATTRIBUTES = [
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_write.input_tokens',
  'gen_ai.usage.output_tokens',
  'codex.usage.reasoning_output_tokens',
  'codex.usage.total_tokens',
];

describe.each(SERVER_STREAMS)('$server', ({ body, means, responseId }) => {
  it('has its usage on one span, no failure, and reaches the reader as it is', async () => {
    const server = await startModelServer([body, body].map((piece) => ({ kind: 'stream', pieces: [piece] })));
    const fake = fakeSession();
    const turn = fake.startTurn();
    const received = await readAll(turn.observeSse(() => fetch(server.url)));
    const client = new OpenAI({ apiKey: 'key', baseURL: server.url, maxRetries: 0 });
    // Whatever the API, it returns the parsed events.
    const theirs = await client.chat.completions.create({ model: 'm', messages: [], stream: true });
    expect(received).toEqual(await readAll<object>(theirs));
    await server.close();

    const usage = turn.end();
    const spans = fake.spans().filter(({ attributes }) => ATTRIBUTES.some((key) => attributes[key] !== undefined));
    expect(spans.map(({ attributes }) => ATTRIBUTES.map((key) => attributes[key] ?? '-'))).toEqual(
      means === undefined ? [] : [means],
    );
    expect(usage.totalTokens).toBe(means === undefined ? 0 : means[5]);
    if (responseId !== undefined) expect(spans[0]?.attributes['gen_ai.response.id']).toBe(responseId);
    expect(fake.spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([0]);
    expect(fake.told('sseEventCompleted')).toHaveLength(means === undefined ? 0 : 1);
    expect([...fake.told('sseEventFailed'), ...fake.told('sseEventCompletedFailed')]).toEqual([]);
  });
});
