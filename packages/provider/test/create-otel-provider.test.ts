import os from 'node:os';
import { isOtelConfigError, OTEL_TRACE_SAFE_TARGET } from '@codex-otel/config';
import { getGlobalMetricsClient } from '@codex-otel/metrics';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { isTracestateError, spanW3cTraceContext } from '@codex-otel/trace-context';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  context,
  logs,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SeverityNumber,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { OtelProvider, OtelProviderOptions } from '../src/index.ts';
import { createOtelProvider } from '../src/index.ts';
import type { TestProtocol } from './test-settings.ts';
import { settingsFor, testSettings } from './test-settings.ts';

let collector: OtlpCollector;
const providers: OtelProvider[] = [];

beforeEach(async () => {
  collector = await startOtlpCollector();
});

afterEach(async () => {
  await Promise.allSettled(providers.splice(0).map((provider) => provider.shutdown()));
  await collector.close();
  for (const api of [trace, logs, metrics, context, propagation]) api.disable();
});

async function create(settings = settingsFor(collector), options: OtelProviderOptions = {}): Promise<OtelProvider> {
  const provider = await createOtelProvider(settings, { env: {}, hostName: 'host-1', ...options });
  if (provider === undefined) throw new Error('no provider');
  providers.push(provider);
  return provider;
}

const protocols: readonly TestProtocol[] = ['binary', 'json', 'grpc'];

describe('createOtelProvider', () => {
  it.each(protocols)('sends all three signals over %s, each with its resource', async (protocol) => {
    const provider = await create(settingsFor(collector, protocol));
    const span = provider.tracer.startSpan('session_task.turn');
    provider.logger.emit({
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      eventName: 'codex.user_prompt',
      attributes: { 'event.name': 'codex.user_prompt', prompt_length: '19', count: 3 },
      context: trace.setSpan(ROOT_CONTEXT, span),
    });
    provider.metrics?.counter('codex.turn.count', 2, { model: 'gpt' });
    span.end();
    await provider.shutdown(patience);

    const service = { 'service.name': 'codex_cli_rs', 'service.version': '1.2.3', env: 'test' };
    const sdk = {
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': '3.1.0',
    };
    expect(collector.spans()).toMatchObject([
      {
        name: 'session_task.turn',
        scope: { name: 'codex_cli_rs', version: '' },
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
        parentSpanId: undefined,
        flags: 0x101,
        traceState: '',
      },
    ]);
    expect(collector.spans()[0]?.resource.attributes).toEqual({ ...service, ...sdk });
    expect(collector.logRecords()).toMatchObject([
      {
        eventName: 'codex.user_prompt',
        severityNumber: 9,
        severityText: 'INFO',
        scope: { name: 'codex_otel.log_only' },
        attributes: { 'event.name': 'codex.user_prompt', prompt_length: '19', count: 3 },
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
      },
    ]);
    expect(collector.logRecords()[0]?.resource.attributes).toEqual({ ...service, ...sdk, 'host.name': 'host-1' });
    expect(collector.metrics()).toMatchObject([
      { name: 'codex.turn.count', scope: { name: 'codex' }, points: [{ attributes: { model: 'gpt' }, value: 2 }] },
    ]);
    expect(Object.keys(collector.metrics()[0]?.resource.attributes ?? {}).sort()).toEqual(
      [...Object.keys({ ...service, ...sdk }), 'os', 'os_version'].sort(),
    );
    expect(provider.stats()).toEqual({
      traces: { queued: 0, exported: 1, handedOver: 0, dropped: 0, failed: 0 },
      logs: { queued: 0, exported: 1, handedOver: 0, dropped: 0, failed: 0 },
      metrics: { queued: 0, exported: 1, handedOver: 0, dropped: 0, failed: 0 },
    });
  });

  it('returns undefined if every exporter is none, and removes the configured tracestate', async () => {
    const provider = await create(settingsFor(collector, 'binary', { tracestate: { example: { alpha: 'one' } } }));
    const span = provider.tracer.startSpan('a');
    expect(spanW3cTraceContext(span)?.tracestate).toBe('example=alpha:one');
    const none = testSettings({ tracestate: { 'NOT VALID': { a: 'b\n' } } });
    await expect(createOtelProvider(none, { env: {} })).resolves.toBeUndefined();
    expect(spanW3cTraceContext(span)?.tracestate).toBeUndefined();
  });

  it('returns undefined for the statsig shorthand without a key', async () => {
    const settings = testSettings({ metricsExporter: { kind: 'statsig' } });
    await expect(createOtelProvider(settings, { env: {} })).resolves.toBeUndefined();
  });

  it('gives no-ops for signals whose exporter is none', async () => {
    const provider = await create(
      settingsFor(collector, 'binary', { traceExporter: { kind: 'none' }, exporter: { kind: 'none' } }),
    );
    expect(provider.tracer.startSpan('a').isRecording()).toBe(false);
    expect(() => provider.logger.emit({})).not.toThrow();
    provider.metrics?.counter('codex.a', 1);
    await provider.shutdown(patience);
    expect(collector.spans()).toEqual([]);
    expect(collector.logRecords()).toEqual([]);
    expect(collector.metrics()).toHaveLength(1);
    expect(provider.stats().traces).toEqual({ queued: 0, exported: 0, handedOver: 0, dropped: 0, failed: 0 });
  });

  it.each([
    ['blank', '  ', undefined],
    ['given', ' host-2 ', 'host-2'],
    ['not given', undefined, os.hostname()],
  ])('takes the host name of log records, %s', async (_case, hostName, expected) => {
    const provider = await create(settingsFor(collector), { hostName });
    provider.logger.emit({});
    provider.tracer.startSpan('a').end();
    await provider.shutdown(patience);
    expect(collector.logRecords()[0]?.resource.attributes['host.name']).toBe(expected);
    expect(collector.spans()[0]?.resource.attributes).not.toHaveProperty(['host.name']);
  });

  it('adds resource attributes and an instance id, which cannot rename the service', async () => {
    const provider = await create(
      settingsFor(collector, 'binary', {
        resourceAttributes: { team: 'a', 'service.name': 'other', env: 'other' },
        serviceInstanceId: true,
      }),
    );
    provider.logger.emit({});
    provider.tracer.startSpan('a').end();
    provider.metrics?.counter('codex.a', 1);
    await provider.shutdown(patience);
    const resources = [collector.spans()[0], collector.logRecords()[0], collector.metrics()[0]].map(
      (item) => item?.resource.attributes,
    );
    for (const attributes of resources) {
      expect(attributes).toMatchObject({ team: 'a', 'service.name': 'codex_cli_rs', env: 'test' });
      expect(attributes?.['service.instance.id']).toMatch(/^[\da-f-]{36}$/);
    }
    expect(new Set(resources.map((attributes) => attributes?.['service.instance.id'])).size).toBe(1);
  });

  it('sets the configured attributes on every span, which may overwrite them', async () => {
    const provider = await create(settingsFor(collector, 'binary', { spanAttributes: { team: 'a', tier: '1' } }));
    const span = provider.tracer.startSpan('a', { attributes: { own: 1 } });
    span.setAttribute('tier', '2');
    provider.tracer.startSpan('b', {}, trace.setSpan(ROOT_CONTEXT, span)).end();
    span.end();
    await provider.shutdown(patience);
    expect(collector.spans().map(({ attributes }) => attributes)).toEqual([
      { team: 'a', tier: '1' },
      { team: 'a', tier: '2', own: 1 },
    ]);
  });

  it('does not count gauges', async () => {
    const provider = await create();
    provider.metrics?.gauge('codex.gauge', 3);
    await provider.forceFlush(patience);
    expect(collector.metrics()).toMatchObject([{ name: 'codex.gauge' }]);
  });
});

describe('the privacy wall', () => {
  const secret = 'the secret prompt';

  function recordCarelessly(provider: OtelProvider): void {
    const span = provider.tracer.startSpan('a');
    span.addEvent('codex.user_prompt', { target: OTEL_TRACE_SAFE_TARGET, prompt_length: '17' });
    span.addEvent('codex.summary', { target: `${OTEL_TRACE_SAFE_TARGET}.summary` });
    span.addEvent('foreign', { prompt: secret });
    span.addEvent('log only', { target: 'codex_otel.log_only', prompt: secret });
    span.recordException(new Error(secret));
    span.setStatus({ code: SpanStatusCode.ERROR, message: secret });
    span.end();
    for (const name of ['other-library', OTEL_TRACE_SAFE_TARGET, 'codex_ote']) {
      logs.getLogger(name).emit({ body: secret });
      provider.loggerFor(name).emit({ body: secret });
    }
    logs.getLogger('codex_otel.network_proxy').emit({ eventName: 'audit' });
  }

  it('lets only trace-safe span events, codes of a status and records of our targets out', async () => {
    const provider = await create();
    recordCarelessly(provider);
    await provider.shutdown(patience);
    expect(collector.spans()[0]?.events.map(({ name }) => name)).toEqual(['codex.user_prompt', 'codex.summary']);
    expect(collector.spans()[0]?.status).toEqual({ code: 'error', message: '' });
    expect(collector.logRecords().map(({ eventName }) => eventName)).toEqual(['audit']);
    expect(
      JSON.stringify(collector.requests(), (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain(secret);
  });

  it('lets all span events and status messages out if configured', async () => {
    const provider = await create(settingsFor(collector), { spanEvents: 'all' });
    recordCarelessly(provider);
    await provider.shutdown(patience);
    expect(collector.spans()[0]?.events).toHaveLength(5);
    expect(collector.spans()[0]?.status).toEqual({ code: 'error', message: secret });
    expect(collector.logRecords()).toHaveLength(1);
  });

  it('does not export spans about HTTP/2 frames', async () => {
    const provider = await create();
    for (const name of ['h2', 'h2::codec', 'h2x']) trace.getTracer(name).startSpan(name).end();
    await provider.shutdown(patience);
    expect(collector.spans().map(({ name }) => name)).toEqual(['h2x']);
  });
});

describe('the process', () => {
  it('is not changed with registerGlobals: false', async () => {
    const provider = await create(settingsFor(collector, 'binary', { tracestate: { example: { a: 'b' } } }), {
      registerGlobals: false,
    });
    expect(trace.getTracer('a').startSpan('a').isRecording()).toBe(false);
    expect(propagation.fields()).toEqual([]);
    expect(getGlobalMetricsClient()).toBeUndefined();
    const span = provider.tracer.startSpan('a');
    expect(spanW3cTraceContext(span)?.tracestate).toBeUndefined();
    expect(context.with(trace.setSpan(ROOT_CONTEXT, span), () => trace.getActiveSpan())).toBeUndefined();
    expect(span.isRecording()).toBe(true);
  });

  it('gets tracer, loggers, propagator, contexts and metrics client of the newest provider', async () => {
    const early = trace.getTracer('library');
    const first = await create(settingsFor(collector, 'binary', { serviceName: 'first' }));
    const held = trace.getTracer('library');
    const heldLogger = logs.getLogger('codex_otel.log_only');
    getGlobalMetricsClient()?.counter('codex.a', 1);
    const second = await create(settingsFor(collector, 'binary', { serviceName: 'second' }));
    getGlobalMetricsClient()?.counter('codex.b', 1);
    for (const tracer of [early, held, trace.getTracer('library')]) {
      tracer.startActiveSpan('outer', (span) => {
        expect(trace.getActiveSpan()).toBe(span);
        const headers: Record<string, string> = {};
        propagation.inject(context.active(), headers);
        expect(headers.traceparent).toContain(span.spanContext().traceId);
        span.end();
      });
    }
    heldLogger.emit({ eventName: 'held' });
    first.tracer.startSpan('by hand').end();
    await first.shutdown(patience);
    expect(trace.getTracer('library').startSpan('after').isRecording()).toBe(true);
    await second.shutdown(patience);
    expect(trace.getTracer('library').startSpan('after').isRecording()).toBe(false);
    expect(held.startSpan('after').isRecording()).toBe(false);
    const services = collector.spans().map(({ name, resource }) => [name, resource.attributes['service.name']]);
    expect(services.sort()).toEqual([['by hand', 'first'], ...Array(3).fill(['outer', 'second'])]);
    expect(collector.logRecords()).toMatchObject([{ resource: { attributes: { 'service.name': 'second' } } }]);
    const metricServices = collector.metrics().map(({ name, resource }) => [name, resource.attributes['service.name']]);
    expect(metricServices).toEqual([
      ['codex.a', 'first'],
      ['codex.b', 'second'],
    ]);
    expect(propagation.fields()).toEqual([]);
    expect(getGlobalMetricsClient()).toBeUndefined();
  });

  it.each([
    ['a span attribute without key', { spanAttributes: { '': 'x' } }, isOtelConfigError],
    ['tracestate with a newline', { tracestate: { example: { alpha: 'a\nb' } } }, isTracestateError],
    [
      'an invalid endpoint',
      { exporter: { kind: 'otlp-http', endpoint: 'nowhere', protocol: 'json' } },
      isOtelConfigError,
    ],
    [
      'a CA file that is missing',
      {
        metricsExporter: {
          kind: 'otlp-http',
          endpoint: 'https://a',
          protocol: 'json',
          tls: { caCertificate: '/no/ca.pem' },
        },
      },
      isOtelConfigError,
    ],
  ] as const)('does not change when there is %s', async (_case, changes, isExpected) => {
    const first = await create(settingsFor(collector, 'binary', { tracestate: { example: { a: 'b' } } }));
    const error = await createOtelProvider(settingsFor(collector, 'binary', changes), { env: {} }).catch(
      (e: unknown) => e,
    );
    expect(isExpected(error)).toBe(true);
    getGlobalMetricsClient()?.counter('codex.a', 1);
    await first.forceFlush(patience);
    expect(collector.metrics()).toHaveLength(1);
    expect(spanW3cTraceContext(first.tracer.startSpan('a'))?.tracestate).toBe('example=a:b');
  });
});
