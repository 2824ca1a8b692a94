import { describe, expect, it } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SessionMetadata } from '../../src/session-metadata.ts';
import { SessionTelemetry } from '../../src/session-telemetry.ts';
import type { SessionTurnOptions } from '../../src/turn/session-turn.ts';
import { metadata, recordingMetrics, sessionTags } from '../session-fixture.ts';
import { ANSWER, FAILURE, readAll, streamOf, TOOL_CALL } from './response-streams.ts';

/** A real session over in-memory exporters; nothing is registered globally, and there is no context manager. */
function realSession(changes: Partial<SessionMetadata> = {}) {
  const logExporter = new InMemoryLogRecordExporter();
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logExporter })] });
  const spanExporter = new InMemorySpanExporter();
  const tracers = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] });
  const metrics = recordingMetrics();
  const session = new SessionTelemetry(
    { ...metadata, ...changes },
    {
      logger: loggers.getLogger('codex_otel.log_only'),
      tracer: tracers.getTracer('codex_cli_rs'),
      metrics,
    },
  );
  return {
    metrics,
    startTurn: (options?: Partial<SessionTurnOptions>) => session.startTurn({ turnId: 'turn-1', ...options }),
    spans: () => spanExporter.getFinishedSpans(),
    records: () => logExporter.getFinishedLogRecords(),
  };
}

const kindOf = (attributes: Attributes) => attributes['event.kind'];

describe('a turn of a session', () => {
  it('logs a frame for every event, and the usage on the span that carries it', async () => {
    const { startTurn, records, spans } = realSession();
    const turn = startTurn({ reasoningEffort: 'high' });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    const sse = records().filter((record) => record.attributes['event.name'] === 'codex.sse_event');
    const frames = sse.filter((record) => record.attributes.duration_ms !== undefined);
    expect(frames.map((record) => kindOf(record.attributes))).toEqual(ANSWER.map((event) => event.type));
    const [usage, ...others] = sse.filter((record) => record.attributes.duration_ms === undefined);
    expect(others).toEqual([]);
    expect(usage?.attributes).toMatchObject({
      'event.kind': 'response.completed',
      input_token_count: '3',
      output_token_count: '5',
      cached_token_count: 1,
      cache_write_token_count: 0,
      reasoning_token_count: 2,
      tool_token_count: '8',
      'response.id': 'resp_1',
      service_tier: 'default',
      model_reasoning_effort: 'high',
    });
    const completed = spans().find((span) => span.attributes['codex.response.event'] === 'completed');
    expect(usage?.spanContext?.spanId).toBe(completed?.spanContext().spanId);
    expect(completed?.events.map((event) => event.attributes?.input_token_count)).toEqual(['3']);
    const receiving = spans().find((span) => span.name === 'receiving_stream');
    expect(new Set(frames.map((record) => record.spanContext?.spanId))).toEqual(
      new Set([receiving?.spanContext().spanId]),
    );
  });

  it('counts every frame, with the tags of the session', async () => {
    const { startTurn, metrics } = realSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    turn.end();
    expect(metrics.calls.filter(({ name }) => name === 'codex.sse_event')).toHaveLength(TOOL_CALL.length);
    expect(metrics.calls).toContainEqual({
      name: 'codex.turn.token_usage',
      value: 120,
      tags: { ...sessionTags, token_type: 'total', tmp_mem_enabled: 'false' },
    });
  });

  it('records the first token on the turn, even if no span is active', async () => {
    const { startTurn, spans } = realSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    const [span] = spans().filter((each) => each.name === 'session_task.turn');
    expect(span?.events.map((event) => event.name)).toEqual(['codex.turn_ttft', 'codex.turn_profile']);
  });

  it('records a failure with its message in the log, and with its code on the trace', async () => {
    const { startTurn, records, spans } = realSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(FAILURE)));
    turn.end({ status: 'failed', error: { code: 'insufficient_quota' } });
    const failed = records().filter((record) => record.attributes['error.message'] !== undefined);
    expect(failed.map((record) => kindOf(record.attributes))).toEqual([
      'error',
      'response.failed',
      'response.completed',
    ]);
    expect(String(failed[1]?.attributes['error.message'])).toContain('out of money');
    const shown = spans().map(({ attributes, events, status }) => ({ attributes, events, status }));
    expect(JSON.stringify(shown)).not.toContain('out of money');
    const onTrace = spans().flatMap((span) => span.events.map((event) => event.attributes?.['error.type']));
    expect(onTrace).toEqual(['insufficient_quota', 'insufficient_quota', 'insufficient_quota']);
  });

  it('records why a stream ended too early', async () => {
    const { startTurn, records, spans } = realSession();
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER.slice(0, 2))));
    turn.end();
    expect(records().at(-1)?.attributes['error.message']).toBe(
      'stream disconnected before completion: stream closed before response.completed',
    );
    const receiving = spans().find((span) => span.name === 'receiving_stream');
    expect(receiving?.events.map((event) => event.attributes?.['error.type'])).toEqual(['stream_closed']);
  });

  it('logs the arguments and output of a tool, and only their sizes on the trace', async () => {
    const { startTurn, records, spans } = realSession();
    const turn = startTurn();
    const call = { toolName: 'shell', callId: 'call_1', arguments: 'secret arguments' };
    await turn.tool(call, () => 'secret output');
    turn.end();
    expect(records()[0]?.attributes).toMatchObject({ arguments: 'secret arguments', output: 'secret output' });
    const tool = spans().find((span) => span.name === 'handle_tool_call');
    expect(records()[0]?.spanContext?.spanId).toBe(tool?.spanContext().spanId);
    expect(tool?.events.map(({ name }) => name)).toEqual([
      'codex.tool_call_received',
      'codex.tool_result',
      'codex.tool_result_ready',
    ]);
    expect(tool?.events[1]?.attributes).toMatchObject({ arguments_length: 16, output_length: 13 });
    expect(JSON.stringify(spans().map((span) => [span.attributes, span.events]))).not.toContain('secret');
  });

  it('logs only final answers, and only if allowed', async () => {
    const message = (id: string, phase: string) => ({
      type: 'response.output_item.done',
      item: {
        id,
        type: 'message',
        role: 'assistant',
        phase,
        content: [{ type: 'output_text', text: `text of ${id}` }],
      },
    });
    const events = [message('msg_1', 'commentary'), message('msg_2', 'final_answer'), message('msg_2', 'final_answer')];
    const allowed = realSession({ logAgentResponses: true });
    const turn = allowed.startTurn({ rootTurnId: 'turn-0' });
    await readAll(turn.observeResponse(streamOf(events)));
    const answers = allowed.records().filter((record) => record.attributes['event.name'] === 'codex.agent_response');
    expect(answers.map((record) => record.attributes)).toMatchObject([
      { 'turn.id': 'turn-1', 'root.turn.id': 'turn-0', 'item.id': 'msg_2', response: 'text of msg_2' },
    ]);
    const forbidden = realSession();
    await readAll(forbidden.startTurn().observeResponse(streamOf(events)));
    expect(JSON.stringify(forbidden.records().map((record) => record.attributes))).not.toContain('text of');
  });
});
