import type { RecordedEvent } from '@codex-otel/testing';
import { describeIfPresent, recordedEvents, recordedStreams, recordingsPresent } from '@codex-otel/testing';
import { compactTask } from '@codex-otel/token-usage';
import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { ANSWER, FAILURE, readAll, responseEnd, responseUsage, streamOf, TOOL_CALL } from './response-streams.ts';

const turnUsage = 'codex.turn.token_usage.';

describe('SessionTurn.observeResponse', () => {
  it('returns the same object and passes every event through, in order', async () => {
    const { startTurn } = fakeSession();
    const stream = streamOf(ANSWER);
    const observed = startTurn().observeResponse(stream);
    expect(observed).toBe(stream);
    const received = await readAll(observed);
    expect(received).toHaveLength(ANSWER.length);
    expect(received.every((event, index) => event === ANSWER[index])).toBe(true);
  });

  it('makes receiving_stream a child of the turn, and handle_responses a child of it', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    const [receiving] = spansNamed('receiving_stream');
    expect(receiving?.parentSpanContext?.spanId).toBe(turn.span.spanContext().spanId);
    const parents = new Set(spansNamed('handle_responses').map((span) => span.parentSpanContext?.spanId));
    expect(parents).toEqual(new Set([receiving?.spanContext().spanId]));
  });

  it('names each kind of event, and only counts deltas', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    turn.end();
    const events = spansNamed('handle_responses').map(({ attributes }) => [
      attributes['codex.response.event'],
      attributes.from,
      attributes.tool_name,
    ]);
    expect(events).toEqual([
      ['created', undefined, undefined],
      ['reasoning', 'output_item_added', undefined],
      ['reasoning_summary_part_added', undefined, undefined],
      ['reasoning_summary_done', undefined, undefined],
      ['reasoning', 'output_item_done', undefined],
      ['message_from_assistant', 'output_item_added', undefined],
      ['message_from_assistant', 'output_item_done', undefined],
      ['completed', undefined, undefined],
      ['created', undefined, undefined],
      ['function_call', 'output_item_added', 'shell'],
      ['function_call', 'output_item_done', 'shell'],
      ['completed', undefined, undefined],
    ]);
    expect(spansNamed('receiving_stream').map((span) => span.attributes['codex.stream.delta_count'])).toEqual([4, 2]);
  });

  it('makes spans for deltas if requested', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ deltaSpans: true });
    await readAll(turn.observeResponse(streamOf([...ANSWER, ...TOOL_CALL])));
    turn.end();
    const events = spansNamed('handle_responses').map((span) => span.attributes['codex.response.event']);
    expect(events.filter((event) => event === 'text_delta')).toHaveLength(3);
    expect(events.filter((event) => event === 'tool_input_delta')).toHaveLength(2);
    expect(events.filter((event) => event === 'reasoning_summary_delta')).toHaveLength(1);
  });

  it('puts the usage on the span of the completed event and on no other', async () => {
    const { startTurn, spans, spansNamed } = fakeSession();
    const turn = startTurn({ reasoningEffort: 'high' });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    const withUsage = spans().filter((span) => Object.keys(span.attributes).some((key) => key.startsWith('gen_ai.')));
    expect(withUsage).toHaveLength(1);
    expect(Object.entries(withUsage[0]?.attributes ?? {})).toEqual([
      ['codex.request.reasoning_effort', 'high'],
      ['codex.response.receive_wait_ms', expect.any(Number)],
      ['codex.response.event', 'completed'],
      ['gen_ai.usage.input_tokens', 3],
      ['gen_ai.usage.cache_read.input_tokens', 1],
      ['gen_ai.usage.cache_write.input_tokens', 0],
      ['gen_ai.usage.output_tokens', 5],
      ['codex.usage.reasoning_output_tokens', 2],
      ['codex.usage.total_tokens', 8],
      ['gen_ai.response.id', 'resp_1'],
      ['gen_ai.conversation.id', '01a09a08-5141-7cf0-8d2a-4c245a60c12b'],
      ['gen_ai.response.model', 'gpt-5.6-sol-2026-08-01'],
    ]);
    expect(spansNamed('session_task.turn')[0]?.attributes).toMatchObject({
      [`${turnUsage}input_tokens`]: 3,
      [`${turnUsage}cached_input_tokens`]: 1,
      [`${turnUsage}non_cached_input_tokens`]: 2,
      [`${turnUsage}output_tokens`]: 5,
      [`${turnUsage}reasoning_output_tokens`]: 2,
      [`${turnUsage}total_tokens`]: 8,
      'codex.turn.outcome': 'completed',
    });
  });

  it('records every frame, then the usage, on the span that carries it', async () => {
    const { startTurn, calls, spansNamed, told } = fakeSession();
    const turn = startTurn({ reasoningEffort: 'high' });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    const frames = told('logSseEvent').map((options) => (options.event as RecordedEvent).type);
    expect(frames).toEqual(ANSWER.map((event) => event.type));
    expect(told('logSseEvent').every(({ durationMillis }) => typeof durationMillis === 'number')).toBe(true);
    const usage = calls.find((call) => call.method === 'sseEventCompleted');
    expect(usage?.options).toEqual({
      inputTokenCount: 3,
      outputTokenCount: 5,
      cachedTokenCount: 1,
      cacheWriteTokenCount: 0,
      reasoningTokenCount: 2,
      toolTokenCount: 8,
      ttftMillis: expect.any(Number),
      responseId: 'resp_1',
      serviceTier: 'default',
      modelReasoningEffort: 'high',
    });
    const completed = spansNamed('handle_responses').at(-1);
    expect(usage?.spanId).toBe(completed?.spanContext().spanId);
    turn.end();
  });

  it('sums several responses on the turn', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    expect(turn.end()).toMatchObject({ inputTokens: 103, totalTokens: 128 });
    expect(spansNamed('session_task.turn')[0]?.attributes[`${turnUsage}total_tokens`]).toBe(128);
  });

  it('distinguishes several responses of one stream', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf([...ANSWER, ...TOOL_CALL])));
    turn.end();
    expect(spansNamed('receiving_stream')).toHaveLength(2);
    expect(told('sseEventCompleted').map((usage) => usage.responseId)).toEqual(['resp_1', 'resp_2']);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('puts no usage on a compaction', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ task: compactTask });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    const [span] = spansNamed('session_task.compact');
    expect(Object.keys(span?.attributes ?? {}).filter((key) => key.startsWith(turnUsage))).toEqual([]);
  });

  it('reports a failed response by its code, never by its message, and without usage', async () => {
    const { startTurn, spans, spansNamed, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(FAILURE)));
    turn.end();
    const failed = spansNamed('handle_responses').at(-1);
    expect(failed?.attributes).toMatchObject({
      'codex.response.event': 'failed',
      'error.type': 'insufficient_quota',
    });
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(spansNamed('receiving_stream')[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(told('sseEventFailed')).toMatchObject([{ eventKind: 'error' }]);
    expect(told('logSseEvent').at(-1)).toMatchObject({ event: { type: 'response.failed' } });
    expect(told('sseEventCompletedFailed')).toMatchObject([{ error: { code: 'insufficient_quota' } }]);
    const shown = JSON.stringify(spans().map(({ attributes, status, events }) => [attributes, status, events]));
    expect(shown).not.toContain('secret');
    expect(shown).not.toContain('gen_ai.usage');
    expect(shown).not.toContain(turnUsage);
  });

  it('does not report twice that a response failed when the stream ends with the error', async () => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeResponse(streamOf(FAILURE.slice(0, 2))));
    expect(told('sseEventFailed')).toHaveLength(1);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it.each([
    [
      'response.incomplete',
      { incomplete_details: { reason: 'max_output_tokens' } },
      'Incomplete response returned, reason: max_output_tokens',
    ],
    ['response.incomplete', {}, 'Incomplete response returned, reason: unknown'],
    ['response.failed', { error: { message: 'out of order' } }, 'out of order'],
  ])('counts the usage of %s, and records why it was not completed: %j', async (type, response, message) => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const end = responseEnd(type, { ...response, usage: responseUsage(3, 1, 5, 2) });
    await readAll(turn.observeResponse(streamOf([end])));
    expect(turn.end().totalTokens).toBe(8);
    expect(spansNamed('handle_responses').at(-1)?.attributes['gen_ai.usage.input_tokens']).toBe(3);
    expect(told('sseEventCompletedFailed')).toMatchObject([{ error: { message } }]);
    // Its record would say `response.completed`.
    expect(told('sseEventCompleted')).toEqual([]);
  });

  it('records nothing but the name of a completed response without usage', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf([responseEnd('response.completed', {})])));
    turn.end();
    expect(spansNamed('handle_responses')[0]?.attributes).toEqual({
      'codex.request.reasoning_effort': 'default',
      'codex.response.event': 'completed',
      'codex.response.receive_wait_ms': expect.any(Number),
    });
    expect(told('sseEventCompleted')).toEqual([]);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    const turnAttributes = Object.keys(spansNamed('session_task.turn')[0]?.attributes ?? {});
    expect(turnAttributes.filter((key) => key.startsWith(turnUsage))).toEqual([]);
  });

  it.each([
    ['an empty response', {}, /no id/],
    ['usage as text', { id: 'resp_1', usage: { input_tokens: '3', output_tokens: 5 } }, /usage is malformed/],
    ['negative usage', { id: 'resp_1', usage: { input_tokens: -3, output_tokens: 5 } }, /usage is malformed/],
  ])('says that a completed event with %s could not be read', async (_what, response, problem) => {
    const { startTurn, spans, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf([{ type: 'response.completed', response }])));
    turn.end();
    expect(told('sseEventCompletedFailed')).toMatchObject([{ error: expect.stringMatching(problem) }]);
    expect(told('sseEventCompleted')).toEqual([]);
    expect(JSON.stringify(spans().map((span) => span.attributes))).not.toContain('usage');
  });

  it('records that the stream ended without a completed response', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER.slice(0, 10))));
    turn.end();
    expect(told('sseEventCompletedFailed')).toMatchObject([
      { error: 'stream disconnected before completion: stream closed before response.completed' },
    ]);
    const lastWait = spansNamed('handle_responses').at(-1);
    expect(lastWait?.attributes).toEqual({
      'codex.request.reasoning_effort': 'default',
      'codex.response.receive_wait_ms': expect.any(Number),
    });
    expect(spansNamed('receiving_stream')[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'text'],
    ['no type', { delta: 'x' }],
    ['an item that is a number', { type: 'response.output_item.done', item: 7 }],
    [
      'getters that throw',
      {
        get type() {
          throw new Error('no');
        },
      },
    ],
  ])('passes a malformed event through: %s', async (_what, malformed) => {
    const { startTurn, told } = fakeSession();
    const events = [malformed as unknown as RecordedEvent, ...ANSWER];
    const received = await readAll(startTurn().observeResponse(streamOf(events)));
    expect(received).toHaveLength(events.length);
    expect(received[0]).toBe(malformed);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });

  it('ends the stream with the turn, and passes on what comes after', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const received: RecordedEvent[] = [];
    for await (const event of turn.observeResponse(streamOf(ANSWER))) {
      received.push(event);
      if (received.length === 3) turn.end({ status: 'aborted' });
    }
    expect(received).toHaveLength(ANSWER.length);
    expect(spansNamed('receiving_stream')).toHaveLength(1);
    expect(told('logSseEvent')).toHaveLength(3);
    expect(told('sseEventCompleted')).toEqual([]);
  });
});

describeIfPresent('recorded streams through observeResponse', recordingsPresent, () => {
  it.each(recordedStreams())('%s', async (name) => {
    const events = recordedEvents(name);
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const received = await readAll(turn.observeResponse(streamOf(events)));
    turn.end();
    expect(received.every((event, index) => event === events[index])).toBe(true);
    expect(received).toHaveLength(events.length);

    const usages = events
      .filter((event) => event.type === 'response.completed')
      .map((event) => (event.response as { usage: { input_tokens: number; total_tokens: number } }).usage);
    const onSpans = spansNamed('handle_responses').flatMap(
      ({ attributes }) => attributes['codex.usage.total_tokens'] ?? [],
    );
    expect(onSpans).toEqual(usages.map((usage) => usage.total_tokens));
    expect(told('sseEventCompleted').map((usage) => usage.inputTokenCount)).toEqual(
      usages.map((usage) => usage.input_tokens),
    );
    const total = usages.length === 0 ? undefined : usages.reduce((sum, usage) => sum + usage.total_tokens, 0);
    expect(spansNamed('session_task.turn')[0]?.attributes[`${turnUsage}total_tokens`]).toBe(total);
    const ends = events.filter(({ type }) => type === 'response.failed' || type === 'response.incomplete');
    expect(told('sseEventCompletedFailed')).toHaveLength(ends.length);
    expect(told('sseEventFailed')).toHaveLength(events.filter((event) => event.type === 'error').length);
    const deltas = spansNamed('receiving_stream').map((span) => Number(span.attributes['codex.stream.delta_count']));
    expect(deltas.reduce((a, b) => a + b, 0)).toBe(events.filter((event) => event.type.endsWith('.delta')).length);
  });
});
