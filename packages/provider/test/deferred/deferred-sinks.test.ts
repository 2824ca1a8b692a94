import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { injectSpanW3cTraceHeaders } from '@codex-otel/trace-context';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tracer } from '@opentelemetry/api';
import { createTraceState, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import type { OtelProvider } from '../../src/index.ts';
import { createOtelProvider, deferredSinks } from '../../src/index.ts';
import { settingsFor, testSettings } from '../test-settings.ts';

let collector: OtlpCollector;
let provider: OtelProvider;

beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
  provider = await create();
});

afterEach(async () => {
  await provider.shutdown().catch(() => {});
  await collector.close();
});

async function create(settings = settingsFor(collector)): Promise<OtelProvider> {
  const created = await createOtelProvider(settings, { env: {}, registerGlobals: false, handoverOnExit: false });
  if (created === undefined) throw new Error('no provider');
  return created;
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
const millisOf = (nanos: bigint | undefined): number => Number((nanos ?? 0n) / 1_000_000n);

describe('deferredSinks', () => {
  it('have their open turns ended by the shutdown of their provider, and no other', async () => {
    const { tracer, connect } = deferredSinks();
    const ended: string[] = [];
    const turnOf = (name: string, its: Tracer) => Object.assign(() => ended.push(name), { tracer: its });
    const key = Symbol.for('@codex-otel/open-turns.v1');
    Reflect.set(globalThis, key, new Set([turnOf('own', tracer), turnOf('other', deferredSinks().tracer)]));
    connect(provider);
    await provider.shutdown(patience);
    Reflect.deleteProperty(globalThis, key);
    expect(ended).toEqual(['own']);
  });

  it('delivers what was recorded before the provider in order, with its times', async () => {
    const { logger, metrics, connect } = deferredSinks();
    const before = Date.now();
    logger.emit({ eventName: 'first', attributes: { a: 1 } });
    metrics.counter('codex.a', 1, { tag: 'x' });
    const started = performance.now();
    const timer = metrics.startTimer('codex.timer');
    await pause(30);
    const later = Date.now();
    logger.emit({ eventName: 'second' });
    logger.emit({ eventName: 'with a time', timestamp: 1_700_000_000_000 });
    const after = Date.now();
    timer.record();
    const measured = performance.now() - started;
    await pause(30);
    connect(provider);
    metrics.counter('codex.a', 2, { tag: 'x' });
    logger.emit({ eventName: 'after' });
    await provider.shutdown(patience);
    const records = collector.logRecords();
    expect(records.map(({ eventName }) => eventName)).toEqual(['first', 'second', 'with a time', 'after']);
    const [first, second, timed] = records.map(({ timeUnixNano }) => millisOf(timeUnixNano));
    expect(first).toBeGreaterThanOrEqual(before);
    expect(first).toBeLessThan(later);
    expect(second).toBeGreaterThanOrEqual(later);
    expect(second).toBeLessThanOrEqual(after);
    expect(timed).toBe(1_700_000_000_000);
    expect(collector.metrics().find(({ name }) => name === 'codex.a')?.points).toMatchObject([{ value: 3 }]);
    const elapsed = collector.metrics().find(({ name }) => name === 'codex.timer')?.points[0];
    expect(elapsed).toMatchObject({ count: 1 });
    expect(elapsed && 'sum' in elapsed && (elapsed.sum ?? 0)).toBeLessThanOrEqual(measured);
  });

  it('gives spans their final ids at once', async () => {
    const { tracer, logger, connect } = deferredSinks();
    const remote = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: 1,
      isRemote: true,
      traceState: createTraceState('k=v'),
    });
    const turn = tracer.startSpan('turn', { attributes: { own: 1 } }, remote);
    const headers: Record<string, string> = {};
    injectSpanW3cTraceHeaders(turn, headers);
    const child = tracer.startSpan('child', {}, trace.setSpan(remote, turn));
    child.setAttribute('a', 'b').setStatus({ code: SpanStatusCode.ERROR }).updateName('renamed');
    child.addEvent('safe', { target: 'codex_otel.trace_safe' });
    child.addEvent('unsafe', { prompt: 'secret' });
    await pause(20);
    const ending = Date.now();
    child.end();
    const ended = Date.now();
    logger.emit({ eventName: 'in child', context: trace.setSpan(remote, child) });
    await pause(20);
    connect(provider);
    turn.setAttribute('late', true);
    turn.end();
    await provider.shutdown(patience);
    const [exportedChild, exportedTurn] = ['renamed', 'turn'].map((name) =>
      collector.spans().find((span) => span.name === name),
    );
    expect(exportedTurn).toMatchObject({
      ...{ traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16), traceState: 'k=v' },
      spanId: turn.spanContext().spanId,
      attributes: { own: 1, late: true },
    });
    expect(headers.traceparent).toBe(`00-${exportedTurn?.traceId}-${exportedTurn?.spanId}-01`);
    expect(exportedChild).toMatchObject({
      traceId: 'a'.repeat(32),
      parentSpanId: exportedTurn?.spanId,
      attributes: { a: 'b' },
      status: { code: 'error' },
    });
    expect(exportedChild?.events.map(({ name }) => name)).toEqual(['safe']);
    expect(millisOf(exportedChild?.startTimeUnixNano)).toBeLessThan(ending);
    expect(millisOf(exportedChild?.endTimeUnixNano)).toBeGreaterThanOrEqual(ending);
    expect(millisOf(exportedChild?.endTimeUnixNano)).toBeLessThanOrEqual(ended);
    expect(collector.logRecords()).toMatchObject([{ traceId: 'a'.repeat(32), spanId: exportedChild?.spanId }]);
    expect(turn.isRecording()).toBe(false);
  });

  it('starts new traces for spans without a parent', async () => {
    const { tracer, connect } = deferredSinks();
    const spans = [tracer.startSpan('a', {}, ROOT_CONTEXT), tracer.startSpan('b', { root: true })];
    for (const span of spans) span.end();
    connect(provider);
    await provider.shutdown(patience);
    expect(collector.spans().map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual(
      spans.map((span) => [span.spanContext().traceId, undefined]),
    );
  });

  it('discards everything if there is no provider', async () => {
    const { tracer, logger, metrics, connect } = deferredSinks();
    const span = tracer.startSpan('a');
    logger.emit({});
    expect(logger.enabled()).toBe(true);
    connect(undefined);
    expect(logger.enabled()).toBe(false);
    expect(span.isRecording()).toBe(false);
    expect(tracer.startSpan('b').isRecording()).toBe(false);
    for (let index = 0; index < 100; index += 1) span.setAttribute(`k${index}`, 'x').addEvent('e');
    span.end();
    metrics.counter('NOT VALID', -1);
    await expect(metrics.snapshot?.()).rejects.toThrow('no metrics client');
    await metrics.shutdown?.();
    connect(provider);
    await provider.shutdown(patience);
    expect(collector.requests()).toEqual([]);
  });

  it('keeps no more items than allowed, and counts the rest', async () => {
    const { tracer, logger, metrics, connect } = deferredSinks({ maxItems: 10 });
    for (let index = 0; index < 8; index += 1) logger.emit({ eventName: `r${index}` });
    const span = tracer.startSpan('kept');
    span.setAttribute('kept', 1).setAttribute('dropped', 2);
    const unkept = tracer.startSpan('dropped', {}, trace.setSpan(ROOT_CONTEXT, span));
    expect(unkept.spanContext().traceId).toBe(span.spanContext().traceId);
    unkept.end();
    logger.emit({ eventName: 'dropped' });
    metrics.counter('codex.dropped', 1);
    span.end();
    connect(provider);
    expect(provider.stats()).toMatchObject({ traces: { dropped: 2 }, logs: { dropped: 1 }, metrics: { dropped: 1 } });
    await provider.forceFlush(patience);
    expect(collector.logRecords()).toHaveLength(8);
    expect(collector.spans()).toMatchObject([{ name: 'kept', attributes: { kept: 1 } }]);
  });

  it('keeps no more bytes than allowed', async () => {
    const { logger, connect } = deferredSinks({ maxBytes: 10_000 });
    for (let index = 0; index < 100; index += 1) logger.emit({ attributes: { text: 'x'.repeat(1000) } });
    connect(provider);
    expect(provider.stats().logs.dropped).toBe(91);
  });

  it('leaves out a metric that is not valid', async () => {
    const { metrics, connect } = deferredSinks();
    metrics.counter('codex.bad name!', 1);
    metrics.counter('codex.good', 1);
    expect(() => connect(provider)).not.toThrow();
    await provider.shutdown(patience);
    expect(collector.metrics().map(({ name }) => name)).toEqual(['codex.good']);
  });

  it('discards the signals whose exporter is none', async () => {
    const logsOnly = await create(testSettings({ exporter: settingsFor(collector).exporter }));
    const { tracer, logger, metrics, connect } = deferredSinks();
    tracer.startSpan('a').end();
    metrics.counter('codex.a', 1);
    logger.emit({ eventName: 'a' });
    connect(logsOnly);
    await logsOnly.shutdown(patience);
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      0, 1, 0,
    ]);
  });
});
