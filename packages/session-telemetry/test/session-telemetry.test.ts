import { isLogExportTarget, isTraceSafeTarget } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient, isMetricsError, setGlobalMetricsClient } from '@codex-otel/metrics';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { SessionTelemetry } from '../src/index.ts';
import { metadata, recordingMetrics, sessionFixture, sessionTags } from './session-fixture.ts';

const clients: MetricsClient[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  context.disable();
  setGlobalMetricsClient(undefined);
  await Promise.all(clients.splice(0).map((one) => one.shutdown()));
});

const call = { authHeaderAttached: false, authRetryAfterUnauthorized: false, endpoint: '/responses' } as const;

async function client(
  defaultTags: Readonly<Record<string, string>> = {},
  runtimeReader = true,
): Promise<MetricsClient> {
  const made = await createMetricsClient({
    environment: 'test',
    serviceName: 'codex_cli_rs',
    serviceVersion: '0.158.0',
    exporter: { kind: 'in-memory', exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA) },
    runtimeReader,
    defaultTags,
  });
  clients.push(made);
  return made;
}

/** Attributes of each point of a metric in a snapshot. */
async function pointTags(session: SessionTelemetry, name: string): Promise<readonly Attributes[]> {
  const { scopeMetrics } = await session.snapshotMetrics();
  const metrics = scopeMetrics.flatMap((scope) => scope.metrics).filter(({ descriptor }) => descriptor.name === name);
  return metrics.flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes));
}

describe('log records of a session', () => {
  it('case 44: have the scope of log-only targets, INFO, a real time and the event as their name', () => {
    const { session, records } = sessionFixture();
    const now = 1_790_000_000_123;
    jest.spyOn(Date, 'now').mockReturnValueOnce(now);
    session.recordTurnTtft({ durationMillis: 1 });
    const [record] = records();
    expect(record?.instrumentationScope.name).toBe('codex_otel.log_only');
    expect([record?.severityNumber, record?.severityText]).toEqual([9, 'INFO']);
    expect(record?.eventName).toBe('codex.turn_ttft');
    expect(record?.body).toBeUndefined();
    expect(record?.hrTime).toEqual([1_790_000_000, 123_000_000]);
    expect(record?.attributes['event.timestamp']).toBe(new Date(now).toISOString());
  });

  it('name the active span, and the event goes to it', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const fixture = sessionFixture();
    context.with(fixture.context, () => {
      fixture.session.recordTurnTtft({ durationMillis: 1 });
      fixture.session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 });
    });
    const { traceId, spanId } = fixture.span.spanContext();
    for (const record of fixture.records()) expect(record.spanContext).toMatchObject({ traceId, spanId });
    expect(fixture.records()).toHaveLength(2);
    expect(fixture.events()).toHaveLength(1);
  });

  it('name the span of a given context without a context manager', () => {
    const fixture = sessionFixture();
    fixture.session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 }, fixture.context);
    expect(fixture.records()[0]?.spanContext?.spanId).toBe(fixture.span.spanContext().spanId);
  });

  it('are made without a span too, and nothing is added to a span that has ended', () => {
    const fixture = sessionFixture();
    fixture.session.recordTurnTtft({ durationMillis: 1 });
    fixture.span.end();
    fixture.session.recordTurnTtft({ durationMillis: 1 }, fixture.context);
    expect(fixture.records()).toHaveLength(2);
    expect(fixture.records()[0]?.spanContext).toBeUndefined();
    expect(fixture.events()).toEqual([]);
  });

  it('leave out the user if none is signed in', () => {
    const { session, logs } = sessionFixture({ authMode: undefined, accountId: undefined, accountEmail: undefined });
    session.recordTurnTtft({ durationMillis: 1 });
    expect(Object.keys(logs()[0] ?? {})).toEqual([
      'event.name',
      'duration_ms',
      'conversation.id',
      'app.version',
      'originator',
      'terminal.type',
      'model',
      'slug',
    ]);
  });

  it('have an object of attributes each, which a host may keep', () => {
    const { session, records } = sessionFixture();
    session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 });
    session.logSseEvent({ event: { type: 'response.completed' }, durationMillis: 2 });
    expect(records().map(({ attributes }) => attributes['event.kind'])).toEqual([
      'response.created',
      'response.completed',
    ]);
  });

  it('ask a logger that is off again, and make no attributes for it', () => {
    let on = false;
    const emitted: unknown[] = [];
    const logger = { enabled: () => on, emit: (record: unknown) => void emitted.push(record) };
    const session = new SessionTelemetry(metadata, { logger });
    session.recordTurnTtft({ durationMillis: 1 });
    on = true;
    session.recordTurnTtft({ durationMillis: 1 });
    expect(emitted).toHaveLength(1);
  });
});

describe('routing of a session’s telemetry', () => {
  it('case 43: log records have a target of the logs, span events one of the traces', () => {
    const { session, context: inSpan, records, events } = sessionFixture();
    session.recordTurnTtft({ durationMillis: 1 }, inSpan);
    const scope = records()[0]?.instrumentationScope.name ?? '';
    const target = String(events()[0]?.target);
    expect([isLogExportTarget(scope), isTraceSafeTarget(scope)]).toEqual([true, false]);
    expect([isLogExportTarget(target), isTraceSafeTarget(target)]).toEqual([false, true]);
  });

  it('case 60: a session that starts and asks has a record of both', async () => {
    const { session, logs } = sessionFixture();
    session.conversationStarts({
      providerName: 'OpenAI',
      reasoningSummary: 'auto',
      approvalPolicy: 'never',
      sandboxPolicy: 'read-only',
      mcpServers: [],
    });
    await session.logRequest(1, () => ({ status: 200 }));
    expect(logs().map((log) => log['event.name'])).toEqual(['codex.conversation_starts', 'codex.api_request']);
  });
});

describe('a session without sinks', () => {
  it('still puts its events on the active span, failures of a stream among them', () => {
    const { context: inSpan, events } = sessionFixture();
    const session = new SessionTelemetry(metadata);
    session.recordTurnTtft({ durationMillis: 1 }, inSpan);
    session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 }, inSpan);
    session.logSseEvent({ event: { type: 'response.failed' }, durationMillis: 1 }, inSpan);
    session.logSseEvent({ event: { type: 'a' }, eventName: 'response.failed', durationMillis: 1 }, inSpan);
    session.logSseEvent({ error: new Error('reset'), durationMillis: 1 }, inSpan);
    expect(events().map((event) => [event['event.name'], event['event.kind']])).toEqual([
      ['codex.turn_ttft', undefined],
      ['codex.sse_event', 'response.failed'],
      ['codex.sse_event', 'response.failed'],
      ['codex.sse_event', 'unknown'],
    ]);
  });
});

describe('session metrics', () => {
  it.each([
    [15, { ...metadata }, 'tests host', { ...sessionTags, service_name: 'tests_host' }],
    [
      16,
      { ...metadata, authMode: undefined },
      undefined,
      {
        session_source: 'cli',
        originator: 'codex_cli_rs',
        model: 'gpt-5.1-codex',
        'app.version': '0.158.0',
      },
    ],
  ])('case %i: carry the session’s tags', async (_number, who, serviceName, tags) => {
    const metrics = recordingMetrics();
    const session = new SessionTelemetry(who, { metrics });
    (serviceName === undefined ? session : session.withMetricsServiceName(serviceName)).counter('codex.turns', 1);
    expect(metrics.calls).toEqual([{ name: 'codex.turns', value: 1, tags }]);
  });

  it('case 17: the client’s tags, the session’s and the call’s together', async () => {
    const metrics = await client({ service: 'codex-cli' });
    const session = new SessionTelemetry(
      { ...metadata, authMode: 'ApiKey', originator: 'test_originator', model: 'gpt-5.1' },
      { metrics },
    );
    session.counter('codex.session_started', 1, { source: 'tui' });
    expect(await pointTags(session, 'codex.session_started')).toEqual([
      {
        'app.version': '0.158.0',
        auth_mode: 'ApiKey',
        model: 'gpt-5.1',
        originator: 'test_originator',
        service: 'codex-cli',
        session_source: 'cli',
        source: 'tui',
      },
    ]);
  });

  it('case 18: only the call’s tags without the session’s', () => {
    const metrics = recordingMetrics();
    const session = new SessionTelemetry(metadata).withMetricsWithoutMetadataTags(metrics);
    session.counter('codex.session_started', 1, { source: 'tui' });
    session.histogram('codex.turn.tool.call', 3);
    expect(metrics.calls.map(({ tags }) => tags)).toEqual([{ source: 'tui' }, {}]);
    session.withMetrics(metrics).counter('codex.turns', 1);
    expect(metrics.calls[2]?.tags).toEqual(sessionTags);
  });

  it('case 19: the service’s name is sanitised', () => {
    const metrics = recordingMetrics();
    new SessionTelemetry(metadata, { metrics }).withMetricsServiceName('bad value!').counter('codex.turns', 1);
    expect(metrics.calls[0]?.tags).toEqual({ ...sessionTags, service_name: 'bad_value' });
  });

  it('case 20: a model’s name with a forbidden character is sanitised and recorded', async () => {
    const metrics = await client();
    const session = new SessionTelemetry(metadata, { metrics }).withModel('vendor/model:free', 'slug');
    session.counter('codex.turns', 1);
    expect(await pointTags(session, 'codex.turns')).toMatchObject([{ model: 'vendor/model_free' }]);
    expect(session.unusableValues).toBe(0);
  });

  it('case 21: the call’s value wins over the session’s', () => {
    const metrics = recordingMetrics();
    new SessionTelemetry(metadata, { metrics }).recordDuration('codex.turn.ttfm.duration_ms', 5, { model: 'other' });
    expect(metrics.calls[0]?.tags).toEqual({ ...sessionTags, model: 'other' });
  });

  it('hand over the same frozen set for the same event, so that it is recognised', () => {
    const metrics = recordingMetrics();
    const session = new SessionTelemetry(metadata, { metrics });
    for (let count = 0; count < 2; count += 1) {
      session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 });
      session.counter('codex.turns', 1);
    }
    const [first, , turn, second, , turnAgain] = metrics.calls.map(({ tags }) => tags);
    expect(first).toBe(second);
    expect(turn).toBe(turnAgain);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('do not take a set that can still change for the one that it was', () => {
    const metrics = recordingMetrics();
    const session = new SessionTelemetry(metadata, { metrics });
    const tags = { source: 'a' };
    session.counter('codex.turns', 1, tags);
    tags.source = 'b';
    session.counter('codex.turns', 1, tags);
    expect(metrics.calls.map((entry) => entry.tags.source)).toEqual(['a', 'b']);
  });

  it('case 27: a timer records when it is disposed, with the session’s tags', () => {
    const metrics = recordingMetrics();
    new SessionTelemetry(metadata, { metrics }).startTimer('codex.latency', { route: 'chat' })[Symbol.dispose]();
    expect(metrics.calls).toEqual([{ name: 'codex.latency', value: 1, tags: { ...sessionTags, route: 'chat' } }]);
  });

  it('case 28: a timer’s own tags win over those of the recording', async () => {
    const metrics = await client();
    const session = new SessionTelemetry(metadata, { metrics });
    session.startTimer('codex.latency', { a: '1' }).record({ a: '2', b: '3' });
    expect(await pointTags(session, 'codex.latency')).toMatchObject([{ a: '1', b: '3' }]);
  });

  it('go to the global client if none is given', async () => {
    const metrics = await client();
    setGlobalMetricsClient(metrics);
    const session = new SessionTelemetry(metadata);
    session.counter('codex.turns', 1);
    expect(await pointTags(session, 'codex.turns')).toHaveLength(1);
  });

  it('case 33: a snapshot holds the session’s tags', async () => {
    const session = new SessionTelemetry(metadata, { metrics: await client({ service: 'codex-cli' }) });
    session.counter('codex.tool.call', 1, { tool: 'shell', success: 'true' });
    expect(await pointTags(session, 'codex.tool.call')).toEqual([
      { ...sessionTags, service: 'codex-cli', tool: 'shell', success: 'true' },
    ]);
  });

  it('case 34: no snapshot and no summary without a runtime reader', async () => {
    const session = new SessionTelemetry(metadata, { metrics: await client({}, false) });
    session.counter('codex.tool.call', 1);
    await expect(session.snapshotMetrics()).rejects.toMatchObject({ code: 'RUNTIME_SNAPSHOT_UNAVAILABLE' });
    expect(await session.runtimeMetricsSummary()).toBeUndefined();
  });

  it('case 35: without a client nothing is recorded and only the snapshot fails', async () => {
    const session = new SessionTelemetry(metadata);
    session.counter('codex.turns', 1);
    session.startTimer('codex.latency').record();
    await session.resetRuntimeMetrics();
    await session.shutdownMetrics();
    expect(await session.runtimeMetricsSummary()).toBeUndefined();
    expect(isMetricsError(await session.snapshotMetrics().catch((error: unknown) => error))).toBe(true);
    await expect(session.snapshotMetrics()).rejects.toMatchObject({ code: 'EXPORTER_DISABLED' });
    expect(session.unusableValues).toBe(0);
  });

  it('cases 36 and 37: a summary of everything since the reset, and then none', async () => {
    const session = new SessionTelemetry(metadata, { metrics: await client() });
    session.counter('codex.tool.call', 7);
    await session.resetRuntimeMetrics();

    const tool = { toolName: 'shell', callId: 'c', arguments: '{}', output: 'ok', success: true };
    session.toolResult({ ...tool, durationMillis: 250 });
    session.recordApiRequest({ ...call, attempt: 1, httpResponseStatusCode: 200, durationMillis: 300 });
    session.recordWebsocketRequest({ durationMillis: 400, authConnectionReused: false });
    session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 120 });
    session.recordWebsocketEvent({ data: '{"type":"response.created"}', durationMillis: 80 });
    const timing = {
      type: 'responsesapi.websocket_timing',
      timing_metrics: {
        responses_duration_excl_engine_and_client_tool_time_ms: 124,
        engine_service_total_ms: 457,
        engine_iapi_ttft_total_ms: 211,
        engine_service_ttft_total_ms: 233,
        engine_iapi_tbt_across_engine_calls_ms: 377,
        engine_service_tbt_across_engine_calls_ms: 399,
      },
    };
    session.recordWebsocketEvent({ data: JSON.stringify(timing), durationMillis: 20 });
    session.recordDuration('codex.turn.ttft.duration_ms', 95);
    session.recordDuration('codex.turn.ttfm.duration_ms', 180);

    expect(await session.runtimeMetricsSummary()).toEqual({
      toolCalls: { count: 1, durationMillis: 250 },
      apiCalls: { count: 1, durationMillis: 300 },
      streamingEvents: { count: 1, durationMillis: 120 },
      websocketCalls: { count: 1, durationMillis: 400 },
      websocketEvents: { count: 2, durationMillis: 100 },
      responsesApiOverheadMillis: 124,
      responsesApiInferenceTimeMillis: 457,
      responsesApiEngineIapiTtftMillis: 211,
      responsesApiEngineServiceTtftMillis: 233,
      responsesApiEngineIapiTbtMillis: 377,
      responsesApiEngineServiceTbtMillis: 399,
      turnTtftMillis: 95,
      turnTtfmMillis: 180,
    });
    expect(await session.runtimeMetricsSummary()).toBeUndefined();
  });

  it('are refused one by one, with a count and without an exception', async () => {
    const session = new SessionTelemetry(metadata, { metrics: await client() });
    session.counter('bad name', 1);
    session.counter('codex.turns', -1);
    session.histogram('codex.turn.tool.call', Number.NaN);
    session.counter('codex.turns', 1, { 'bad key': 'x' });
    session.startTimer('bad name').record();
    session.recordDuration('codex.turn.ttft.duration_ms', Number.NaN);
    expect(session.unusableValues).toBe(6);
  });
});

describe('copies of a session', () => {
  it('withModel: another model on records and tags, the rest as it was', () => {
    const { session, logs, metrics } = sessionFixture();
    session.withModel('gpt-6', 'gpt-6-high').recordTurnTtft({ durationMillis: 1 });
    expect(logs()[0]).toMatchObject({ model: 'gpt-6', slug: 'gpt-6-high', 'user.email': 'engineer@example.com' });
    expect(metrics.calls[0]?.tags.model).toBe('gpt-6');
    expect(session.model).toBe('gpt-5.1-codex');
  });

  it('count what they leave out together', () => {
    const { session } = sessionFixture();
    session.withAuthEnv({}).withUserId('u').withProductSku('codex').recordTurnTtft({ durationMillis: Number.NaN });
    expect(session.unusableValues).toBe(2);
  });
});

describe('logRequest', () => {
  it('returns the answer itself and records its status', async () => {
    const { session, logs, metrics } = sessionFixture();
    const answer = { status: 204, body: {} };
    expect(await session.logRequest(3, async () => answer)).toBe(answer);
    expect(logs()[0]).toMatchObject({
      'event.name': 'codex.api_request',
      'http.response.status_code': 204,
      attempt: 3,
      'auth.header_attached': false,
      endpoint: 'unknown',
    });
    expect(metrics.calls[0]?.tags).toMatchObject({ status: '204', success: 'true' });
  });

  it('throws the error itself and records its status', async () => {
    const { session, logs } = sessionFixture();
    const error = Object.assign(new Error('overloaded'), { status: 503 });
    await expect(session.logRequest(1, () => Promise.reject(error))).rejects.toBe(error);
    expect(logs()[0]).toMatchObject({ 'http.response.status_code': 503, 'error.message': 'overloaded' });
  });

  it('records a failure without a status, also one that is thrown at once or is undefined', async () => {
    const { session, metrics } = sessionFixture();
    const boom = () => {
      throw undefined;
    };
    await expect(session.logRequest(1, boom)).rejects.toBeUndefined();
    expect(metrics.calls[0]?.tags).toMatchObject({ status: 'none', success: 'false' });
  });
});

describe('a request or a tool call that is given up', () => {
  it('case 42: is counted once, and its output is not asked for', async () => {
    const { session, metrics } = sessionFixture();
    const controller = new AbortController();
    const untilAborted = () =>
      new Promise<number>((_, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
      });
    let asked = 0;
    const result = () => {
      asked += 1;
      return { output: '', success: true };
    };
    const request = session.logRequest(1, untilAborted);
    const call = session.logToolResult({ toolName: 't', callId: 'c', arguments: '', result }, untilAborted);
    expect(metrics.calls).toEqual([]);
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(metrics.calls.map(({ name }) => name).filter((name) => !name.endsWith('duration_ms'))).toEqual([
      'codex.api_request',
      'codex.tool.call',
    ]);
    expect(asked).toBe(0);
  });
});

describe('logToolResult', () => {
  const tool = { toolName: 'shell', callId: 'call-1', arguments: '{}' };

  it.each([
    ['a text', 'out', 'out', 'true'],
    ['an outcome', { output: 'no', success: false }, 'no', 'false'],
    ['anything else', { a: 1 }, '{"a":1}', 'true'],
    ['nothing', undefined, '', 'true'],
  ])('takes %s as the output', async (_what, value, output, success) => {
    const { session, logs } = sessionFixture();
    expect(await session.logToolResult(tool, () => value)).toBe(value);
    expect(logs()[0]).toMatchObject({ 'event.name': 'codex.tool_result', output, success });
  });

  it('asks the caller what the output is', async () => {
    const { session, logs } = sessionFixture();
    const result = (value: number) => ({ output: `exit ${value}`, success: value === 0 });
    await session.logToolResult({ ...tool, result }, async () => 2);
    expect(logs()[0]).toMatchObject({ output: 'exit 2', success: 'false' });
  });

  it('records an error and throws it', async () => {
    const { session, logs, metrics } = sessionFixture();
    const error = new Error('killed');
    await expect(session.logToolResult(tool, () => Promise.reject(error))).rejects.toBe(error);
    expect(logs()[0]).toMatchObject({ output: 'killed', success: 'false' });
    expect(metrics.calls[0]).toMatchObject({ name: 'codex.tool.call', tags: { tool: 'shell', success: 'false' } });
  });

  it('survives an answer that cannot be shown, and an interpreter that throws', async () => {
    const { session, logs } = sessionFixture();
    const circular: { self?: unknown } = {};
    circular.self = circular;
    await session.logToolResult(tool, () => circular);
    const result = () => {
      throw new Error('no');
    };
    await session.logToolResult({ ...tool, result }, () => 1);
    expect(logs().map(({ output }) => output)).toEqual(['', '']);
  });
});

describe('tool_result_seq', () => {
  it('case 55: counts over all sessions of the process', () => {
    const [one, two] = [sessionFixture(), sessionFixture()];
    const tool = { toolName: 't', callId: 'c', arguments: '', output: '', success: true, durationMillis: 1 };
    one.session.toolResult(tool);
    two.session.toolResult(tool);
    one.session.toolResult(tool);
    const [first, third] = one.logs().map((log) => Number(log.tool_result_seq));
    const [second] = two.logs().map((log) => Number(log.tool_result_seq));
    expect([second, third]).toEqual([Number(first) + 1, Number(first) + 2]);
  });
});

describe('skillInvocation', () => {
  it('records an implicit use once for each skill and turn, an explicit one each time', () => {
    const { session, logs } = sessionFixture();
    const implicit = { skillName: 'a', turnId: 't1', skillInvocationType: 'implicit' } as const;
    session.skillInvocation(implicit);
    session.skillInvocation(implicit);
    session.skillInvocation({ ...implicit, turnId: 't2' });
    session.skillInvocation({ ...implicit, skillInvocationType: 'explicit' });
    expect(logs().map((log) => [log['turn.id'], log['skill.invocation_type']])).toEqual([
      ['t1', 'implicit'],
      ['t2', 'implicit'],
      ['t1', 'explicit'],
    ]);
  });
});

describe('agentResponseLogger', () => {
  const final = {
    type: 'message',
    id: 'msg-1',
    role: 'assistant',
    phase: 'final_answer',
    content: [
      { type: 'output_text', text: 'All ' },
      { type: 'refusal', refusal: 'x' },
      { type: 'output_text', text: 'done.' },
    ],
  };

  it('case 58: records a final answer once', () => {
    const { session, logs } = sessionFixture({ logAgentResponses: true });
    const logger = session.agentResponseLogger({ turnId: 'turn-1', rootTurnId: 'turn-0' });
    logger.record(final);
    logger.record(final);
    expect(logs()).toHaveLength(1);
    expect(logs()[0]).toMatchObject({
      'event.name': 'codex.agent_response',
      'item.id': 'msg-1',
      'root.turn.id': 'turn-0',
      response: 'All done.',
      response_length: 9,
    });
  });

  it.each([
    ['commentary', { ...final, phase: 'commentary' }],
    ['an untagged message', { ...final, phase: undefined }],
    ['a message of the user', { ...final, role: 'user' }],
    ['another item', { ...final, type: 'reasoning' }],
    ['a message without an id', { ...final, id: undefined }],
    ['a blank answer', { ...final, content: [{ type: 'output_text', text: ' \n' }] }],
    ['nothing', undefined],
  ])('case 58: passes over %s', (_what, item) => {
    const { session, logs } = sessionFixture({ logAgentResponses: true });
    session.agentResponseLogger({ turnId: 'turn-1' }).record(item);
    expect(logs()).toEqual([]);
  });
});

describe('startTurn', () => {
  it('starts a turn of this conversation, whose events reach its span without a context manager', () => {
    const { session, tracer, records } = sessionFixture();
    const turn = session.startTurn({ turnId: 'turn-1', tracer });
    session.recordTurnTtft({ durationMillis: 1 }, turn.context);
    expect(turn.span).toMatchObject({
      name: 'session_task.turn',
      attributes: { 'thread.id': metadata.conversationId, 'turn.id': 'turn-1', model: 'gpt-5.1-codex' },
      events: [{ name: 'codex.turn_ttft' }],
    });
    turn.end();
    expect(records()[0]?.spanContext?.spanId).toBe(turn.span.spanContext().spanId);
  });
});

describe('recordResponses', () => {
  it('puts the usage of a completed response on its span, with the conversation', () => {
    const { session, tracer } = sessionFixture();
    const span = tracer.startSpan('handle_responses');
    const usage = { input_tokens: 3, output_tokens: 5, total_tokens: 8 };
    session.recordResponses(span, { type: 'response.completed', response: { id: 'resp_1', usage } });
    expect(span).toMatchObject({
      name: 'handle_responses',
      attributes: {
        'codex.response.event': 'completed',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.conversation.id': metadata.conversationId,
        'gen_ai.response.id': 'resp_1',
      },
    });
  });
});
