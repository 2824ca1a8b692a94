import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { responseUsage } from './response-streams.ts';

const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'gpt-5.6-sol', output: [] };

describe('SessionTurn.recordResponse', () => {
  it('makes the span and records the usage of an answer that was not streamed', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    turn.recordResponse({ ...response, usage: responseUsage(3, 1, 5, 2) });
    expect(turn.end().totalTokens).toBe(8);
    expect(spansNamed('handle_responses').map((span) => span.attributes)).toMatchObject([
      { 'codex.response.event': 'completed', 'gen_ai.usage.input_tokens': 3, 'gen_ai.response.id': 'resp_1' },
    ]);
    expect(spansNamed('receiving_stream')).toHaveLength(1);
    expect(told('sseEventCompleted')).toMatchObject([{ inputTokenCount: 3, toolTokenCount: 8 }]);
    expect(told('logSseEvent')).toEqual([]);
    expect(told('recordTurnTtft')).toEqual([]);
  });

  it.each([
    ['a response', { ...response, usage: responseUsage(3, 1, 5, 2) }],
    ['a chat completion', { id: 'chatcmpl-1', choices: [{ finish_reason: 'stop' }] }],
  ])('makes spans as long as the wait for %s', (_what, answer) => {
    let moment = 1000;
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ now: () => moment });
    const requestedAt = moment;
    moment += 2000;
    turn.recordResponse(answer, { requestedAt });
    turn.end();
    expect(spansNamed('receiving_stream')[0]?.duration).toEqual([2, 0]);
    expect(spansNamed('handle_responses')[0]?.duration).toEqual([2, 0]);
  });

  it('records a chat completion too', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    turn.recordResponse({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    });
    expect(turn.end().totalTokens).toBe(120);
    expect(spansNamed('handle_responses').at(-1)?.attributes['gen_ai.response.id']).toBe('chatcmpl-1');
    expect(told('recordTurnTtft')).toEqual([]);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it.each([
    ['is queued', { ...response, status: 'queued' }],
    ['is an error', { error: { code: 'x', message: 'm' } }],
  ])('ends the span of an answer that %s and comes after its turn has ended', async (_what, answer) => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    let arrive = (_answer: unknown): void => {};
    const arrived = turn.observeResponse(() => new Promise((resolve) => (arrive = resolve)));
    turn.end({ status: 'aborted' });
    arrive(answer);
    await arrived;
    turn.recordResponse({ ...answer, id: 'resp_2' });
    const opened = new Set(spansNamed('handle_responses').map(({ parentSpanContext }) => parentSpanContext?.spanId));
    const ended = new Set(spansNamed('receiving_stream').map((span) => span.spanContext().spanId));
    expect(opened.size).toBe(2);
    expect([...opened].filter((id) => !ended.has(id ?? ''))).toEqual([]);
  });

  it.each(['incomplete', 'failed'])('records that an answer is %s', (status) => {
    const { startTurn, spansNamed, told } = fakeSession();
    startTurn().recordResponse({ ...response, status, error: { code: 'server_error' } });
    expect(spansNamed('handle_responses')[0]?.attributes['codex.response.event']).toBe(status);
    expect(told('sseEventCompletedFailed')).toHaveLength(1);
  });

  it.each([undefined, null, 'text', {}, { textStream: {} }])(
    'records no failure for %p, which is not an answer',
    (nothing) => {
      const { startTurn, spansNamed, told } = fakeSession();
      startTurn().recordResponse(nothing as unknown as object);
      expect(spansNamed('receiving_stream')).toEqual([]);
      expect(told('sseEventCompletedFailed')).toEqual([]);
    },
  );

  it.each(['queued', 'in_progress'])('records no end for an answer that is %s, until its end comes', (status) => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    turn.recordResponse({ ...response, status });
    expect(spansNamed('handle_responses').map((span) => span.attributes['codex.response.event'])).toEqual([status]);
    turn.recordResponse({ ...response, usage: responseUsage(3, 1, 5, 2) });
    turn.recordResponse({ ...response, usage: responseUsage(3, 1, 5, 2) });
    expect(turn.end().totalTokens).toBe(8);
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('does not count a cancelled answer as failed', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    startTurn().recordResponse({ ...response, status: 'cancelled', usage: null });
    expect(spansNamed('handle_responses')[0]?.attributes['codex.response.event']).toBe('cancelled');
    expect(spansNamed('receiving_stream')[0]?.status.code).toBe(SpanStatusCode.UNSET);
    expect(told('sseEventCompleted')).toEqual([]);
  });

  it.each([
    ['an answer of 200 that is an error', { error: { code: 429, message: 'secret: slow down' } }, '429'],
    [
      'a response that failed',
      { ...response, status: 'failed', error: { code: 'server_error', message: 'secret' } },
      'server_error',
    ],
    ['a chat that the server broke off', { id: 'c', choices: [{ finish_reason: 'error' }] }, 'error'],
  ])('records the failure of %s, with its message only in the log', (_what, answer, type) => {
    const { startTurn, spansNamed, spans, told } = fakeSession();
    startTurn().recordResponse(answer);
    expect(spansNamed('receiving_stream')[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe(type);
    expect(told('sseEventFailed')).toMatchObject([{ error: expect.anything() }]);
    expect(JSON.stringify(spans().map(({ attributes, events }) => [attributes, events]))).not.toContain('secret');
  });
});
