import { resolveExporter } from '@codex-otel/config';
import type { MetricsConfig } from '@codex-otel/metrics';
import {
  createMetricsClient,
  getGlobalMetricsClient,
  STATSIG_EXCLUDED_METRICS,
  sessionMetricTags,
  setGlobalMetricsClient,
} from '@codex-otel/metrics';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { patience } from '@codex-otel/testing';
import {
  contextFromW3cTraceContext,
  currentSpanTraceId,
  injectSpanW3cTraceHeaders,
  setTracestateEntries,
  spanW3cTraceContext,
} from '@codex-otel/trace-context';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, diag, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';

// The conformance cases that are about metrics, transport, the provider and trace context, over what arrives; their
// numbers are those of the list of cases. Those about a session's events are session-telemetry's own tests. 101 and
// 102 ask for threads, which a provider here does not have.

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
});
afterEach(async () => {
  setGlobalMetricsClient(undefined);
  setTracestateEntries({});
  for (const api of [trace, metrics, context, propagation, diag]) api.disable();
  await collector.close();
});

const service = { environment: 'test', serviceName: 'codex_cli_rs', serviceVersion: '1.2.3' };
const toCollector = () => ({ kind: 'otlp-http', endpoint: collector.httpUrl, protocol: 'json' }) as const;

/** Settings whose exporters are all none, but for what a case changes. */
const settings = {
  ...service,
  codexHome: '/nonexistent',
  exporter: { kind: 'none' },
  traceExporter: { kind: 'none' },
  metricsExporter: { kind: 'none' },
} as const;

function metricsClient(config: Partial<MetricsConfig> = {}) {
  return createMetricsClient({ ...service, exporter: toCollector(), env: {}, ...config });
}

/** The points of a metric that arrived: tags and value, or sum. */
function points(name: string): readonly unknown[] {
  return collector
    .metrics()
    .filter((metric) => metric.name === name)
    .flatMap((metric) =>
      metric.points.map((point) => [point.attributes, Number('value' in point ? point.value : point.sum)]),
    );
}

describe('metrics', () => {
  const defaultTags = { service: 'codex-cli', env: 'prod' };

  it('case 1: a default tag with an invalid key is refused', async () => {
    await expect(metricsClient({ defaultTags: { 'bad key': 'v' } })).rejects.toMatchObject({
      code: 'INVALID_TAG_COMPONENT',
      label: 'tag key',
      value: 'bad key',
    });
  });

  it.each([
    [2, 'counter', ['codex.turns', 1, { 'bad key': 'v' }], 'INVALID_TAG_COMPONENT', 'bad key'],
    [3, 'histogram', ['codex.turns', 1, { key: 'bad value' }], 'INVALID_TAG_COMPONENT', 'bad value'],
    [4, 'counter', ['bad name', 1], 'INVALID_METRIC_NAME', 'bad name'],
    [5, 'counter', ['codex.turns', -1], 'NEGATIVE_COUNTER_INCREMENT', -1],
  ] as const)('case %i: an invalid %s is refused, and nothing is recorded', async (_n, method, args, code, value) => {
    const client = await metricsClient();
    const [name, amount, tags] = args;
    let refusal: unknown;
    try {
      client[method](name, amount, tags);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code, value });
    await client.shutdown(patience);
    expect(collector.metrics()).toEqual([]);
  });

  it('cases 8 and 11: a call’s tags win over the defaults, and shutdown exports', async () => {
    const client = await metricsClient({ defaultTags });
    client.counter('codex.turns', 1, { model: 'gpt-5.1', env: 'dev' });
    expect(collector.metrics()).toEqual([]);
    await client.shutdown(patience);
    expect(points('codex.turns')).toEqual([[{ env: 'dev', model: 'gpt-5.1', service: 'codex-cli' }, 1]]);
  });

  it('case 9: a histogram has boundaries, and one sample in its buckets', async () => {
    const client = await metricsClient({ defaultTags });
    client.histogram('codex.tool_latency', 25, { tool: 'shell' });
    await client.shutdown(patience);
    const [metric] = collector.metrics();
    const [point] = metric?.kind === 'histogram' ? metric.points : [];
    expect(point?.bounds).not.toEqual([]);
    expect(point?.bucketCounts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(1);
    expect([Number(point?.count), point?.sum]).toEqual([1, 25]);
    expect(point?.attributes).toEqual({ env: 'prod', service: 'codex-cli', tool: 'shell' });
  });

  it('case 10: the tags of one call are not those of another', async () => {
    const client = await metricsClient({ defaultTags: { ...defaultTags, region: 'us' } });
    client.counter('codex.alpha', 1, { env: 'dev', component: 'alpha' });
    client.counter('codex.beta', 2, { service: 'worker', component: 'beta' });
    await client.shutdown(patience);
    expect(points('codex.alpha')).toEqual([
      [{ component: 'alpha', env: 'dev', region: 'us', service: 'codex-cli' }, 1],
    ]);
    expect(points('codex.beta')).toEqual([[{ component: 'beta', env: 'prod', region: 'us', service: 'worker' }, 2]]);
  });

  it('case 12: nothing recorded, nothing exported', async () => {
    const client = await metricsClient();
    await client.shutdown(patience);
    expect(collector.metrics()).toEqual([]);
  });

  it('cases 15 and 16: the tags of a session in their order, without those that are unknown', () => {
    const known = { sessionSource: 'cli', originator: 'me', model: 'gpt-5.1', appVersion: '1.2.3' };
    expect(Object.keys(sessionMetricTags({ ...known, authMode: 'ApiKey', serviceName: 'app' }))).toEqual([
      'auth_mode',
      'session_source',
      'originator',
      'service_name',
      'model',
      'app.version',
    ]);
    const without = sessionMetricTags({ ...known, authMode: undefined, serviceName: undefined });
    expect(Object.keys(without)).toEqual(['session_source', 'originator', 'model', 'app.version']);
  });

  it('case 24: metrics of the Statsig list are not sent there', async () => {
    const client = await metricsClient({
      exporter: { kind: 'statsig', apiKey: 'key', endpoint: `${collector.httpUrl}/v1/metrics` },
    });
    for (const name of [...STATSIG_EXCLUDED_METRICS, 'codex.turns']) client.counter(name, 1);
    await client.shutdown(patience);
    expect(collector.metrics().map(({ name }) => name)).toEqual(['codex.turns']);
  });

  it('case 25: a handle on an earlier global client records to the current one', async () => {
    const [before, now] = [await metricsClient({ runtimeReader: true }), await metricsClient()];
    setGlobalMetricsClient(before);
    const handle = getGlobalMetricsClient();
    setGlobalMetricsClient(now);
    handle?.counter('codex.turns', 1);
    await now.shutdown(patience);
    expect(points('codex.turns')).toEqual([[{}, 1]]);
    await before.shutdown(patience);
    expect(points('codex.turns')).toHaveLength(1);
  });

  it('case 26: a duration is a sample in ms', async () => {
    const client = await metricsClient();
    client.recordDuration('codex.request_latency', 15, { route: 'chat' });
    await client.shutdown(patience);
    expect(points('codex.request_latency')).toEqual([[{ route: 'chat' }, 15]]);
    expect(collector.metrics()[0]).toMatchObject({ unit: 'ms', description: expect.stringMatching(/./) });
  });

  it('case 32: a snapshot has what was recorded, and exports nothing', async () => {
    const client = await metricsClient({ runtimeReader: true, defaultTags: { service: 'codex-cli' } });
    client.counter('codex.tool.call', 1, { tool: 'shell', success: 'true' });
    const { scopeMetrics } = await client.snapshot();
    expect(scopeMetrics.flatMap((scope) => scope.metrics.map((metric) => metric.dataPoints))).toMatchObject([
      [{ value: 1, attributes: { service: 'codex-cli', tool: 'shell', success: 'true' } }],
    ]);
    expect(collector.requests()).toEqual([]);
    await client.shutdown(patience);
  });
});

describe('transport', () => {
  it('case 87: metrics go to /v1/metrics as JSON, by one POST', async () => {
    const client = await metricsClient();
    client.counter('codex.turns', 1);
    await client.shutdown(patience);
    expect(collector.requests()).toMatchObject([
      { method: 'POST', path: '/v1/metrics', contentType: expect.stringMatching(/^application\/json/) },
    ]);
    expect(points('codex.turns')).toHaveLength(1);
  });

  it('case 88: log records go to /v1/logs', async () => {
    const provider = await createOtelProvider({ ...settings, exporter: toCollector() }, { env: {} });
    const session = new SessionTelemetry(
      {
        conversationId: '0199a213-81c0-7800-8aa1-bbab2a035a53',
        model: 'gpt-5.1',
        slug: 'gpt-5.1',
        originator: 'codex_cli_rs',
        terminalType: 'test',
        sessionSource: 'cli',
        appVersion: '1.2.3',
      },
      { logger: provider?.logger },
    );
    session.userPrompt([{ type: 'text', text: 'hello' }]);
    await provider?.shutdown(patience);
    expect(collector.requests()).toMatchObject([{ method: 'POST', path: '/v1/logs' }]);
    expect(collector.logRecords()[0]?.attributes['event.name']).toBe('codex.user_prompt');
  });

  it('cases 89 and 90: spans go to /v1/traces with what is configured, in time', async () => {
    const provider = await createOtelProvider(
      {
        ...settings,
        traceExporter: toCollector(),
        spanAttributes: { 'test.configured_attribute': 'configured' },
        tracestate: { example: { alpha: 'one', beta: 'two' } },
      },
      { env: {} },
    );
    const parent = contextFromW3cTraceContext({
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'example=alpha:zero;keep:yes,other=value',
    });
    const span = provider?.tracer.startSpan('conformance', {}, parent);
    span?.addEvent('codex.turn_ttft', { target: 'codex_otel.trace_safe', 'event.name': 'codex.turn_ttft' });
    const carrier = span && spanW3cTraceContext(span);
    span?.end();
    await provider?.shutdown(patience);
    expect(carrier?.tracestate).toBe('example=alpha:one;keep:yes;beta:two,other=value');
    expect(collector.requests()).toMatchObject([{ method: 'POST', path: '/v1/traces' }]);
    const [received] = collector.spans();
    expect(received).toMatchObject({
      name: 'conformance',
      attributes: { 'test.configured_attribute': 'configured' },
      events: [{ name: 'codex.turn_ttft' }],
    });
    expect(received?.resource.attributes['service.name']).toBe('codex_cli_rs');
  });
});

describe('the provider', () => {
  it('case 94: Statsig is none without a key', () => {
    expect(resolveExporter({ kind: 'statsig' }, {})).toEqual({ kind: 'none' });
  });

  it.each([
    ['my-host', 'my-host'],
    ['  ', undefined],
    ['', undefined],
  ])('case 96: the resource of log records names the host %p, that of spans never', async (hostName, shown) => {
    const provider = await createOtelProvider(
      { ...settings, exporter: toCollector(), traceExporter: toCollector() },
      { env: {}, hostName },
    );
    provider?.logger.emit({ eventName: 'codex.test' });
    provider?.tracer.startSpan('test').end();
    await provider?.shutdown(patience);
    expect(collector.logRecords()[0]?.resource.attributes['host.name']).toBe(shown);
    expect(collector.spans()[0]?.resource.attributes['host.name']).toBeUndefined();
  });

  it('case 98: a tracestate with a line break is refused', async () => {
    const tracestate = { example: { alpha: 'one\ntwo' } };
    await expect(
      createOtelProvider({ ...settings, traceExporter: toCollector(), tracestate }, { env: {} }),
    ).rejects.toThrow(/configured tracestate value/);
  });
});

describe('trace context', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';

  it('case 106: a valid traceparent gives a remote context with its ids', () => {
    const parent = contextFromW3cTraceContext({ traceparent: `00-${traceId}-${spanId}-01` });
    expect(parent && trace.getSpanContext(parent)).toMatchObject({ traceId, spanId, isRemote: true });
  });

  it.each([
    ['a malformed one', { traceparent: 'not-a-traceparent' }],
    ['none, with a tracestate', { tracestate: 'a=b' }],
    ['ids of zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
  ])('case 107: no context comes from %s', (_what, carrier) => {
    expect(contextFromW3cTraceContext(carrier)).toBeUndefined();
  });

  it('cases 108 and 109: the current trace has an id, and takes the place of another one in headers', async () => {
    const provider = await createOtelProvider({ ...settings, traceExporter: toCollector() }, { env: {} });
    const span = provider?.tracer.startSpan('test', {}, ROOT_CONTEXT);
    if (span === undefined) throw new Error('there is a trace exporter, so there are spans');
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
      expect(currentSpanTraceId()).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    });
    const headers = new Headers({ traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'stale=yes' });
    expect(injectSpanW3cTraceHeaders(span, headers)).toBe(true);
    expect(headers.get('traceparent')).toContain(span.spanContext().traceId);
    expect(headers.has('tracestate')).toBe(false);
    span.end();
    await provider?.shutdown(patience);
  });
});
