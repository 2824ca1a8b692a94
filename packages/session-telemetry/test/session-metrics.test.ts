import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient, isMetricsError, setGlobalMetricsClient } from '@codex-otel/metrics';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { context } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { SessionTelemetry } from '../src/index.ts';
import { metadata, recordingMetrics, sessionTags } from './session-fixture.ts';

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

  it('do not reuse a set that can still change', () => {
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
