import { compactTask, NO_TOKEN_USAGE, regularTask } from '@codex-otel/token-usage';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { SessionTelemetry } from '../../src/session-telemetry.ts';
import type { SessionTurn, SessionTurnOptions } from '../../src/turn/session-turn.ts';
import { metadata, recordingMetrics } from '../session-fixture.ts';
import { bodyOf, readAll, responseEnd, responseUsage, sseBytes, streamOf } from './response-streams.ts';

/** What a turn of a real session records. The numbers of the tests are those of the conformance cases. */
async function after(use: (turn: SessionTurn) => Promise<unknown>, options?: Partial<SessionTurnOptions>) {
  const logExporter = new InMemoryLogRecordExporter();
  const spanExporter = new InMemorySpanExporter();
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logExporter })] });
  const tracers = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] });
  const session = new SessionTelemetry(metadata, {
    logger: loggers.getLogger('codex_otel.log_only'),
    tracer: tracers.getTracer('codex_cli_rs'),
    metrics: recordingMetrics(),
  });
  const turn = session.startTurn({ turnId: 'turn-1', ...options });
  await use(turn);
  turn.end();
  const spans = spanExporter.getFinishedSpans();
  return {
    logs: logExporter.getFinishedLogRecords().map((record) => record.attributes),
    spans,
    handled: spans.filter((span) => span.name === 'handle_responses').map((span) => span.attributes),
    turn: spans.find((span) => span.name === 'session_task.turn')?.attributes,
  };
}

const overSse = (text: string) => (turn: SessionTurn) =>
  readAll(turn.observeSse(bodyOf(new TextEncoder().encode(text))));
const over =
  (...events: readonly { readonly type: string }[]) =>
  (turn: SessionTurn) =>
    readAll(turn.observeSse(bodyOf(sseBytes(events))));
const completed = responseEnd('response.completed', {
  usage: { ...responseUsage(3, 1, 5, 2), total_tokens: 9 },
});
const failedLogs = (logs: readonly object[]) => logs.filter((log) => 'error.message' in log);

afterEach(() => context.disable());

describe('streams', () => {
  it('61: a message item has a record', async () => {
    const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] };
    const { logs } = await after(over({ type: 'response.output_item.done', item } as never, completed));
    expect(logs).toContainEqual(expect.objectContaining({ 'event.kind': 'response.output_item.done' }));
  });

  it('62: data that is not JSON has a failed record with the message of the parser', async () => {
    const { logs } = await after(overSse('event: response.created\ndata: not-json\n\n'));
    const words = (() => {
      try {
        return JSON.parse('not-json');
      } catch (error) {
        return String((error as Error).message);
      }
    })();
    expect(failedLogs(logs)[0]).toMatchObject({ 'event.kind': 'response.created', 'error.message': words });
  });

  it('63: a stream that ends early has a failed record that says so', async () => {
    const { logs } = await after(over({ type: 'response.created' }));
    expect(failedLogs(logs)).toMatchObject([
      {
        'event.kind': 'response.completed',
        'error.message': 'stream disconnected before completion: stream closed before response.completed',
      },
    ]);
  });

  it('64: a failed response has a record with its message', async () => {
    const { logs } = await after(over(responseEnd('response.failed', { error: { message: 'boom' } })));
    expect(failedLogs(logs)).toMatchObject([
      { 'event.kind': 'response.failed', 'error.message': expect.stringContaining('boom') },
      { 'event.kind': 'response.completed', 'error.message': 'boom' },
    ]);
  });

  it.each([{ error: 'a string' }, {}])(
    '65: a failed response without an error object has a record too',
    async (error) => {
      const { logs } = await after(over(responseEnd('response.failed', error)));
      expect(failedLogs(logs)).toMatchObject([
        { 'event.kind': 'response.failed' },
        { 'event.kind': 'response.completed' },
      ]);
    },
  );

  it('66: a completed event with an empty response has an error that names it', async () => {
    const { logs } = await after(over({ type: 'response.completed', response: {} } as never));
    expect(failedLogs(logs)).toMatchObject([
      { 'event.kind': 'response.completed', 'error.message': expect.stringContaining('ResponseCompleted') },
    ]);
  });

  it('67: a completed event has a record with its counts', async () => {
    const { logs } = await after(over(completed));
    expect(logs).toContainEqual(
      expect.objectContaining({
        'event.kind': 'response.completed',
        input_token_count: '3',
        output_token_count: '5',
        cached_token_count: 1,
        reasoning_token_count: 2,
        tool_token_count: '9',
      }),
    );
  });

  it('68: [DONE] with spaces around it is a success', async () => {
    const { logs } = await after(overSse(`${new TextDecoder().decode(sseBytes([completed]))}data:   [DONE]  \n\n`));
    expect(failedLogs(logs)).toEqual([]);
    expect(logs.filter((log) => log['event.kind'] === 'message')).toHaveLength(1);
  });

  it('69: a successful event makes no span event', async () => {
    const { spans } = await after(over({ type: 'response.created' }, responseEnd('response.completed', {})));
    expect(spans.flatMap((span) => span.events).map(({ name }) => name)).toEqual(['codex.turn_profile']);
  });

  it('70: a failure without a kind has no kind in the log record, and `unknown` on the span event', async () => {
    const broken = async function* () {
      yield { type: 'response.created' };
      throw new Error('reset');
    };
    const { logs, spans } = await after((turn) => readAll(turn.observeResponse(broken())).catch(() => undefined));
    expect(failedLogs(logs)).toHaveLength(2);
    expect(failedLogs(logs)[0]).not.toHaveProperty('event.kind');
    const kinds = spans.flatMap((span) => span.events).map((event) => event.attributes?.['event.kind']);
    expect(kinds).toEqual(['unknown', 'response.completed', undefined]);
  });
});

describe('spans', () => {
  it('74: the completed event carries effort and usage, and so does the turn', async () => {
    const { handled, turn } = await after(over(completed), { reasoningEffort: 'high' });
    expect(handled).toMatchObject([
      {
        'codex.response.event': 'completed',
        'codex.request.reasoning_effort': 'high',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.usage.cache_read.input_tokens': 1,
        'gen_ai.usage.output_tokens': 5,
        'codex.usage.reasoning_output_tokens': 2,
        'codex.usage.total_tokens': 9,
      },
    ]);
    expect(turn).toMatchObject({
      'codex.turn.reasoning_effort': 'high',
      'codex.turn.token_usage.input_tokens': 3,
      'codex.turn.token_usage.cached_input_tokens': 1,
      'codex.turn.token_usage.non_cached_input_tokens': 2,
      'codex.turn.token_usage.output_tokens': 5,
      'codex.turn.token_usage.reasoning_output_tokens': 2,
      'codex.turn.token_usage.total_tokens': 9,
    });
  });

  it('75: a function call is named, with its tool', async () => {
    const item = { type: 'function_call', name: 'nonexistent' };
    const { handled } = await after(over({ type: 'response.output_item.done', item } as never, completed));
    expect(handled).toMatchObject([
      { 'codex.response.event': 'function_call', tool_name: 'nonexistent', from: 'output_item_done' },
      { 'codex.response.event': 'completed' },
    ]);
  });

  it('76: a mixed stream has a span for every kind, each with the effort', async () => {
    const events = [
      { type: 'response.created' },
      { type: 'codex.rate_limits' },
      { type: 'response.output_item.added', item: { type: 'function_call', name: 'fn' } },
      { type: 'response.output_item.done', item: { type: 'message', role: 'assistant', content: [] } },
      { type: 'response.output_item.done', item: { type: 'reasoning', summary: [] } },
      { type: 'response.output_text.delta', delta: 'x' },
      { type: 'response.reasoning_summary_text.delta', delta: 'x' },
      { type: 'response.reasoning_text.delta', delta: 'x' },
      completed,
    ];
    const { handled } = await after((turn) => readAll(turn.observeResponse(streamOf(events))), {
      deltaSpans: true,
      reasoningEffort: 'high',
    });
    expect(handled.map((span) => [span['codex.response.event'], span.from, span.tool_name])).toEqual([
      ['created', undefined, undefined],
      ['rate_limits', undefined, undefined],
      ['function_call', 'output_item_added', 'fn'],
      ['message_from_assistant', 'output_item_done', undefined],
      ['reasoning', 'output_item_done', undefined],
      ['text_delta', undefined, undefined],
      ['reasoning_summary_delta', undefined, undefined],
      ['reasoning_content_delta', undefined, undefined],
      ['completed', undefined, undefined],
    ]);
    expect(new Set(handled.map((span) => span['codex.request.reasoning_effort']))).toEqual(new Set(['high']));
  });

  it('77: a completed event without usage has its name and nothing more', async () => {
    const { handled } = await after(over(responseEnd('response.completed', {})));
    expect(handled).toEqual([
      {
        'codex.request.reasoning_effort': 'default',
        'codex.response.event': 'completed',
        'codex.response.receive_wait_ms': expect.any(Number),
      },
    ]);
  });

  it('78: a turn never has negative usage, whatever the session started with', async () => {
    const sessionUsage = { ...NO_TOKEN_USAGE, inputTokens: Number.MAX_SAFE_INTEGER, totalTokens: 1 };
    const { turn } = await after(over(completed), { sessionUsage });
    expect(turn).toMatchObject({
      'codex.turn.token_usage.input_tokens': 0,
      'codex.turn.token_usage.total_tokens': 9,
    });
  });

  it('79: with more cached than sent tokens, 0 are not cached', async () => {
    const { turn } = await after(over(responseEnd('response.completed', { usage: responseUsage(3, 4, 5, 2) })));
    expect(turn?.['codex.turn.token_usage.non_cached_input_tokens']).toBe(0);
  });

  it('80: a compaction that continues as a regular turn ends with usage, on the same span', async () => {
    const { spans } = await after(
      async (turn) => {
        await over(completed)(turn);
        turn.become(regularTask);
        expect(turn.task.recordsTurnTokenUsageOnSpan()).toBe(true);
      },
      { task: compactTask, parent: ROOT_CONTEXT },
    );
    const [span] = spans.filter((each) => each.name === 'session_task.compact');
    expect(span?.attributes['codex.turn.token_usage.total_tokens']).toBe(9);
  });

  it('81: an MCP call names its server, and takes the attributes that the server may set', async () => {
    const { spans } = await after((turn) =>
      turn.mcpToolCall(
        { serverName: 'docs', serverOrigin: 'https://example.com:8443/mcp', toolName: 'search', callId: 'call_1' },
        () => ({
          _meta: {
            'codex/telemetry': {
              span: { target_id: 't'.repeat(1000), did_trigger_server_user_flow: true, unknown: 'x', other: 7 },
            },
          },
        }),
      ),
    );
    const [span] = spans.filter((each) => each.name === 'mcp.tools.call');
    expect(span?.kind).toBe(SpanKind.CLIENT);
    expect(span?.attributes).toMatchObject({
      'mcp.transport': 'streamable_http',
      'server.address': 'example.com',
      'server.port': 8443,
      'codex.mcp.target.id': 't'.repeat(256),
      'codex.mcp.server_user_flow.triggered': true,
    });
    expect(Object.keys(span?.attributes ?? {}).filter((key) => key.includes('unknown'))).toEqual([]);
  });
});
