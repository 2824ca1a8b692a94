import { afterEach, describe, expect, it } from '@jest/globals';
import type { ModelServer } from '../src/index.ts';
import { MODEL_API_KEY, readRecording, startModelServer } from '../src/index.ts';
import type { ModelAnswer } from '../src/scripted-session.ts';

let server: ModelServer | undefined;
afterEach(() => server?.close());

async function start(...answers: readonly ModelAnswer[]): Promise<(body: object, key?: string) => Promise<Response>> {
  const started = await startModelServer({ answers, paceMillis: 0 });
  server = started;
  return (body, key = MODEL_API_KEY) =>
    fetch(`${started.url}/responses`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
      body: JSON.stringify({ model: 'm', stream: true, input: [], ...body }),
    });
}

describe('startModelServer', () => {
  it('replays a recording event by event, as the API streams it', async () => {
    const post = await start({ stream: '2-answer' });
    const response = await post({});
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = (await response.text()).trimEnd().split('\n\n');
    const lines = await readRecording('2-answer');
    expect(events).toEqual(lines.map((line) => `event: ${JSON.parse(line).type}\ndata: ${line}`));
  });

  it('fails where the script says so, with a Retry-After', async () => {
    const post = await start({ status: 503, retryAfterMillis: 5 }, { stream: '2-answer' });
    const refused = await post({});
    expect([refused.status, refused.headers.get('retry-after-ms')]).toEqual([503, '5']);
    expect((await post({})).status).toBe(200);
  });

  it('keeps the requests with their trace context', async () => {
    const post = await start({ stream: '2-answer' });
    await (await post({})).text();
    expect(server?.requests).toEqual([
      { status: 200, stream: '2-answer', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    ]);
  });

  it('refuses a wrong key, a request that does not stream, and more requests than the script has', async () => {
    const post = await start();
    expect((await post({}, 'other')).status).toBe(401);
    expect((await post({ stream: false })).status).toBe(400);
    expect((await post({})).status).toBe(500);
  });

  it('insists on the output of every tool that it called', async () => {
    const post = await start({ stream: '2-list-recordings' }, { stream: '2-answer' });
    const text = await (await post({})).text();
    const [, callId] = /"call_id":"(call_[\w-]+)"/.exec(text) ?? [];
    const without = await post({});
    expect(without.status).toBe(400);
    expect(await without.text()).toContain(callId);
    expect((await post({ input: [{ type: 'function_call_output', call_id: callId, output: '' }] })).status).toBe(200);
  });
});

describe('the recordings', () => {
  it.each(['1-plain-answer', '2-list-recordings', '2-check-and-clean', '2-answer', '3-after-retry', '4-compaction'])(
    '%s is numbered in order and completes with usage that adds up',
    async (name) => {
      const events = (await readRecording(name)).map((line) => JSON.parse(line));
      expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_event, index) => index));
      const { usage } = events.at(-1).response;
      expect(usage.total_tokens).toBe(usage.input_tokens + usage.output_tokens);
      expect(usage.input_tokens_details.cached_tokens).toBeLessThanOrEqual(usage.input_tokens);
      expect(usage.output_tokens_details.reasoning_tokens).toBeLessThanOrEqual(usage.output_tokens);
    },
  );
});
