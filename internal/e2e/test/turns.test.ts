import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '../src/index.ts';
import {
  MODEL,
  metricSum,
  recordsOf,
  responsesOf,
  responseUsage,
  shippedStream,
  startPipeline,
  streamOf,
  sumUsage,
  turnUsage,
  usageRecords,
} from '../src/index.ts';

const answer = await shippedStream('1-plain-answer');
const [{ usage: answerUsage } = { usage: undefined }] = responsesOf(answer);

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of stream);
}

/** The stream without its last event. */
const cut = answer.slice(0, -1);

/** The stream with another `usage` in its completed event. */
function withUsage(usage: unknown): readonly StreamEvent[] {
  return answer.map((event) =>
    event.type === 'response.completed' ? { ...event, response: { ...Object(event.response), usage } } : event,
  );
}

/** A body of server-sent events; a string goes out as it stands. */
function sseBody(events: readonly (StreamEvent | string)[]): Response {
  const text = events
    .map((event) => (typeof event === 'string' ? event : `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
    .join('');
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

describe('a turn that completes', () => {
  it('is recorded on span, log and metrics', async () => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    await drain(turn.observeResponse(streamOf(answer)));
    turn.end();
    const { spans, logRecords, metrics } = await pipeline.finish();

    const turnSpan = spans.find(({ name }) => name === 'session_task.turn');
    expect(turnSpan?.status).toEqual({ code: 'unset', message: '' });
    expect(turnSpan?.attributes).toMatchObject({ 'codex.turn.outcome': 'completed', model: MODEL });
    expect(turnSpan && turnUsage(turnSpan)).toEqual(answerUsage);

    const streamSpan = spans.find(({ name }) => name === 'receiving_stream');
    const deltas = answer.filter(({ type }) => type.endsWith('.delta'));
    expect(streamSpan?.parentSpanId).toBe(turnSpan?.spanId);
    expect(streamSpan?.attributes).toMatchObject({
      'codex.stream.delta_count': deltas.length,
      'codex.stream.ttft_ms': expect.any(Number),
    });
    const handled = spans.filter(({ name }) => name === 'handle_responses');
    expect(handled.every(({ parentSpanId }) => parentSpanId === streamSpan?.spanId)).toBe(true);
    expect(handled.filter(({ attributes }) => String(attributes['codex.response.event']).endsWith('delta'))).toEqual(
      [],
    );
    expect(handled.filter((span) => responseUsage(span) !== undefined)).toEqual([
      expect.objectContaining({
        attributes: expect.objectContaining({
          'codex.response.event': 'completed',
          'gen_ai.conversation.id': pipeline.telemetry.conversationId,
        }),
      }),
    ]);

    expect(usageRecords(logRecords)).toHaveLength(1);
    expect(recordsOf(logRecords, 'codex.turn_ttft')).toHaveLength(1);
    expect(metricSum(metrics, 'codex.sse_event', { kind: 'response.completed', success: 'true' })).toBe(1);
    expect(metricSum(metrics, 'codex.turn.token_usage', { token_type: 'total' })).toBe(answerUsage?.totalTokens);
    expect(metricSum(metrics, 'codex.turn.token_usage', { token_type: 'cached_input' })).toBe(
      answerUsage?.cachedInputTokens,
    );
    expect(metricSum(metrics, 'codex.turn.e2e_duration_ms')).toEqual(expect.any(Number));
  });

  it('adds up two responses', async () => {
    const second = await shippedStream('3-after-retry');
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    await drain(turn.observeResponse(streamOf(answer)));
    await drain(turn.observeResponse(streamOf(second)));
    turn.end();
    const { spans, logRecords, metrics } = await pipeline.finish();

    const both = responsesOf([...answer, ...second]).map(({ usage }) => usage);
    expect(spans.flatMap((span) => responseUsage(span) ?? [])).toEqual(both);
    expect(spans.flatMap((span) => turnUsage(span) ?? [])).toEqual([sumUsage(both)]);
    expect(usageRecords(logRecords)).toHaveLength(2);
    expect(recordsOf(logRecords, 'codex.turn_ttft')).toHaveLength(1);
    expect(metricSum(metrics, 'codex.turn.token_usage', { token_type: 'output' })).toBe(sumUsage(both).outputTokens);
  });
});

describe('a turn that goes wrong', () => {
  it('is aborted: its usage is kept, and the outcome is aborted', async () => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    await drain(turn.observeResponse(streamOf(answer)));
    const broken = turn.observeResponse(streamOf(await shippedStream('3-after-retry')));
    for await (const event of broken) if (event.type === 'response.output_text.delta') break;
    turn.end({ status: 'aborted' });
    const { spans, logRecords, metrics } = await pipeline.finish();

    const turnSpan = spans.find(({ name }) => name === 'session_task.turn');
    expect(turnSpan?.attributes['codex.turn.outcome']).toBe('aborted');
    expect(turnSpan?.status.code).toBe('unset');
    expect(turnSpan && turnUsage(turnSpan)).toEqual(answerUsage);
    expect(spans.filter((span) => responseUsage(span) !== undefined)).toHaveLength(1);
    expect(spans.filter(({ name }) => name === 'receiving_stream')).toHaveLength(2);
    expect(usageRecords(logRecords)).toHaveLength(1);
    expect(metricSum(metrics, 'codex.turn.e2e_duration_ms')).toEqual(expect.any(Number));
  });

  it('fails: ERROR and a type, never the message', async () => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    turn.end({ status: 'failed', error: Object.assign(new Error('secret detail'), { code: 'ECONNRESET' }) });
    const { spans } = await pipeline.finish();

    expect(spans).toEqual([
      expect.objectContaining({
        status: { code: 'error', message: '' },
        attributes: expect.objectContaining({ 'codex.turn.outcome': 'failed', 'error.type': 'ECONNRESET' }),
      }),
    ]);
    expect(JSON.stringify(spans[0]?.attributes)).not.toContain('secret detail');
    expect(spans.flatMap((span) => turnUsage(span) ?? [])).toEqual([]);
  });

  it('has a stream that ends without response.completed', async () => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    await drain(turn.observeResponse(streamOf(cut)));
    turn.end();
    const { spans, logRecords, metrics } = await pipeline.finish();

    expect(spans.flatMap((span) => responseUsage(span) ?? turnUsage(span) ?? [])).toEqual([]);
    const failed = recordsOf(logRecords, 'codex.sse_event').filter(
      ({ attributes }) => attributes['error.message'] !== undefined,
    );
    expect(failed.map(({ attributes }) => [attributes['event.kind'], attributes['error.message']])).toEqual([
      ['response.completed', expect.stringContaining('before')],
    ]);
    expect(usageRecords(logRecords)).toEqual([]);
    expect(metricSum(metrics, 'codex.sse_event', { kind: 'response.completed' })).toBeUndefined();
  });

  it('meets a malformed event', async () => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    const seen: string[] = [];
    const body = sseBody([
      ...cut.slice(0, 3),
      'event: response.output_text.delta\ndata: {"type": oh\n\n',
      ...answer.slice(-1),
    ]);
    for await (const event of turn.observeSse(body)) seen.push(event.type);
    turn.end();
    const { spans, logRecords, metrics } = await pipeline.finish();

    expect(seen).toEqual([...cut.slice(0, 3), ...answer.slice(-1)].map(({ type }) => type));
    const failed = recordsOf(logRecords, 'codex.sse_event').filter(
      ({ attributes }) => attributes['error.message'] !== undefined,
    );
    expect(failed.map(({ attributes }) => attributes['event.kind'])).toEqual(['response.output_text.delta']);
    expect(metricSum(metrics, 'codex.sse_event', { kind: 'response.output_text.delta', success: 'false' })).toBe(1);
    expect(spans.flatMap((span) => responseUsage(span) ?? [])).toEqual([answerUsage]);
  });

  it.each([
    ['null', null],
    ['absent', undefined],
    ['strings', { input_tokens: '4893', output_tokens: '146', total_tokens: '5039' }],
    ['negative', { input_tokens: -1, output_tokens: 2, total_tokens: 1 }],
    ['fractions', { input_tokens: 1.5, output_tokens: 2, total_tokens: 3.5 }],
  ])('has a response whose usage is %s', async (_what, usage) => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    await drain(turn.observeResponse(streamOf(withUsage(usage))));
    turn.end();
    const { spans, logRecords, metrics } = await pipeline.finish();

    expect(spans.flatMap((span) => responseUsage(span) ?? turnUsage(span) ?? [])).toEqual([]);
    expect(spans.map(({ attributes }) => attributes['codex.response.event'])).toContain('completed');
    expect(usageRecords(logRecords)).toEqual([]);
    expect(metricSum(metrics, 'codex.turn.token_usage')).toBeUndefined();
  });
});

describe('turns that run at the same time', () => {
  it('keep their spans, records and usage apart', async () => {
    const streams = await Promise.all(['1-plain-answer', '2-answer', '3-after-retry'].map(shippedStream));
    const pipeline = await startPipeline();
    const turns = await Promise.all(
      streams.map(async (events, index) => {
        const turn = pipeline.startTurn({ turnId: `at-once-${index}` });
        await turn.run(async () => {
          for await (const _event of turn.observeResponse(streamOf(events))) await null;
        });
        turn.end();
        return turn.span.spanContext().traceId;
      }),
    );
    const { spans, logRecords, metrics } = await pipeline.finish();

    expect(new Set(turns).size).toBe(3);
    for (const [index, traceId] of turns.entries()) {
      const [{ id, usage } = { id: '', usage: undefined }] = responsesOf(streams[index] ?? []);
      const own = spans.filter((span) => span.traceId === traceId);
      expect(own.flatMap((span) => turnUsage(span) ?? [])).toEqual([usage]);
      expect(own.flatMap((span) => responseUsage(span) ?? [])).toEqual([usage]);
      const records = usageRecords(logRecords).filter((record) => record.traceId === traceId);
      expect(records.map(({ attributes }) => attributes['response.id'])).toEqual([id]);
    }
    const all = sumUsage(streams.flatMap((events) => responsesOf(events).map(({ usage }) => usage)));
    expect(metricSum(metrics, 'codex.turn.token_usage', { token_type: 'total' })).toBe(all.totalTokens);
  });
});
