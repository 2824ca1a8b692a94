import type { PlainSpan } from '@codex-otel/metrics/otlp';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Attributes, Context, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import {
  context,
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { sdkSampler } from '../../src/node-sdk/sdk-sampler.ts';
import { OutletTracerProvider } from '../../src/traces/outlet-tracer-provider.ts';
import { spanSampler } from '../../src/traces/span-sampler.ts';
import { asSdk } from '../transport/telemetry-samples.ts';

const resource = resourceFromAttributes({ 'service.name': 'codex_cli_rs' });
const ids = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };
const time = 1_760_000_000_000;

function parentOf(
  changes: Partial<{ traceId: string; traceFlags: number; isRemote: boolean; tracestate: string }> = {},
): Context {
  const { traceId = 'a'.repeat(32), traceFlags = TraceFlags.SAMPLED, isRemote = true, tracestate = 'k=v' } = changes;
  const traceState = createTraceState(tracestate);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b'.repeat(16), traceFlags, isRemote, traceState });
}

type Use = (tracer: Pick<Tracer, 'startSpan'>) => void;

/** What the SDK and our tracer make of the same calls, as the exporters would send it. */
function exportBoth(use: Use): { readonly ours: readonly string[]; readonly theirs: readonly string[] } {
  const exporter = new InMemorySpanExporter();
  const sdkProvider = new TracerProvider({
    resource,
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  use(sdkProvider.getTracer('codex_cli_rs'));
  const kept: PlainSpan[] = [];
  const sink = { push: (span: PlainSpan) => void kept.push(span) };
  const tracer = new OutletTracerProvider({ resource, sink, spanEvents: 'all' }).outletTracer('codex_cli_rs');
  use({ startSpan: (name, options, parent) => tracer.startSpanWithIds(ids, name, options, parent) });
  return { ours: encode(kept.map(asSdk.span)), theirs: encode(exporter.getFinishedSpans()) };
}

function encode(spans: readonly ReadableSpan[]): readonly string[] {
  const [protobuf, json] = [ProtobufTraceSerializer, JsonTraceSerializer].map((one) =>
    one.serializeRequest([...spans]),
  );
  return [Buffer.from(protobuf ?? []).toString('hex'), Buffer.from(json ?? []).toString()];
}

/** Starts a span, does something to it, ends it; all at given times. */
function span(options: SpanOptions, change: (span: Span) => void = () => {}, parent: Context = ROOT_CONTEXT): Use {
  return (tracer) => {
    const started = tracer.startSpan('turn', { startTime: time, ...options }, parent);
    change(started);
    started.end(time + 1500);
  };
}

const many = (count: number, of: (index: number) => unknown): Attributes =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, of(index)]));
const link = (attributes?: Attributes) => ({
  context: { traceId: 'e'.repeat(32), spanId: 'f'.repeat(16), traceFlags: 1, traceState: createTraceState('l=1') },
  ...(attributes && { attributes }),
});
const odd = { undef: undefined, nul: null, fn: () => 1, list: ['a', 1, null], map: { a: 'x'.repeat(20) }, '': 'x' };

afterEach(() => context.disable());

describe('OutletTracer', () => {
  it.each<[string, Use]>([
    ['a plain span', span({})],
    [
      'every kind',
      (tracer) => {
        for (const kind of [0, 1, 2, 3, 4]) span({ kind })(tracer);
      },
    ],
    ['a remote parent with tracestate', span({}, undefined, parentOf())],
    ['a local parent', span({}, undefined, parentOf({ isRemote: false }))],
    ['an unsampled parent', span({}, undefined, parentOf({ traceFlags: 0 }))],
    ['an invalid parent', span({}, undefined, parentOf({ traceId: '0'.repeat(32) }))],
    ['a root below a parent', span({ root: true }, undefined, parentOf())],
    ['a context that is not traced', span({}, undefined, suppressTracing(ROOT_CONTEXT))],
    ['attributes at the start', span({ attributes: { a: 'b', long: 'x'.repeat(20), n: 1.5, yes: true } })],
    ['odd attributes at the start', span({ attributes: odd })],
    ['too many attributes at the start', span({ attributes: many(140, (i) => i) })],
    ['too many attributes, some odd', span({ attributes: many(200, (i) => (i % 3 === 0 ? Symbol('s') : i)) })],
    [
      'attributes set later',
      span({ attributes: { a: 1 } }, (s) => s.setAttributes({ a: 2, ...odd }).setAttribute('b', 'c')),
    ],
    ['too many attributes set later', span({}, (s) => s.setAttributes(many(140, (i) => i)).setAttribute('k1', 'over'))],
    [
      'events',
      span({}, (s) =>
        s
          .addEvent('a', { x: 1 }, time + 1)
          .addEvent('b', time + 2)
          .addEvent('c', { y: [1, 2] }, time + 3),
      ),
    ],
    [
      'odd events',
      span({}, (s) =>
        s.addEvent('a', odd, time).addEvent(
          'b',
          many(140, (i) => i),
          time,
        ),
      ),
    ],
    [
      'too many events',
      span({}, (s) => {
        for (let index = 0; index < 140; index += 1) s.addEvent(`e${index}`, time + index);
      }),
    ],
    ['an event with both times', span({}, (s) => s.addEvent('a', time + 1, time + 2))],
    [
      'links',
      span({ links: [link(), link({ a: 1 })] }, (s) => s.addLink(link(odd)).addLinks([link(), link({ last: 1 })])),
    ],
    ['too many links at the start', span({ links: Array.from({ length: 140 }, (_, i) => link({ i })) })],
    [
      'too many links, added later',
      span({}, (s) => {
        for (let index = 0; index < 140; index += 1) s.addLink(link({ index }));
      }),
    ],
    ['a status', span({}, (s) => s.setStatus({ code: SpanStatusCode.ERROR, message: 'failed' }))],
    [
      'a status that is final',
      span({}, (s) =>
        s
          .setStatus({ code: SpanStatusCode.OK, message: 'ok' })
          .setStatus({ code: SpanStatusCode.ERROR, message: 'late' }),
      ),
    ],
    [
      'a status that is unset again',
      span({}, (s) => s.setStatus({ code: SpanStatusCode.ERROR }).setStatus({ code: SpanStatusCode.UNSET })),
    ],
    ['another name', span({}, (s) => s.updateName('other'))],
    [
      'an exception',
      span({}, (s) => s.recordException(Object.assign(new RangeError('far'), { stack: 'stack' }), time)),
    ],
    ['an exception with a code', span({}, (s) => s.recordException({ code: 7, message: 'm' }, time))],
    ['a thrown string', span({}, (s) => s.recordException('boom', time))],
    ['an exception that says nothing', span({}, (s) => s.recordException({ name: '' }, time))],
    [
      'changes after the end',
      span({}, (s) => {
        s.end(time + 5);
        s.setAttribute('a', 1).addEvent('e', time).setStatus({ code: 1 }).updateName('x').addLink(link());
      }),
    ],
    ['times of every form', span({ startTime: new Date(time) }, (s) => s.addEvent('a', [1_760_000_000, 7]))],
    ['an end before its start', (tracer) => tracer.startSpan('turn', { startTime: time }, ROOT_CONTEXT).end(time - 10)],
  ])('exports %s byte for byte as the SDK does', (_name, use) => {
    const { ours, theirs } = exportBoth(use);
    expect(ours).toEqual(theirs);
  });

  it('exports any attributes byte for byte as the SDK does', () => {
    const key = fc.string().filter((name) => name !== '__proto__');
    const value = fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, key });
    const attributes = fc.dictionary(key, fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), value));
    fc.assert(
      fc.property(attributes, attributes, attributes, (atStart, later, ofEvent) => {
        const { ours, theirs } = exportBoth(
          span({ attributes: atStart, links: [link(later)] }, (s) =>
            s.setAttributes(later).addEvent('e', ofEvent, time),
          ),
        );
        expect(ours).toEqual(theirs);
      }),
    );
  });

  it('takes times from the clock, in order', () => {
    const kept: PlainSpan[] = [];
    const sink = { push: (ended: PlainSpan) => void kept.push(ended) };
    const before = Date.now();
    const started = new OutletTracerProvider({ resource, sink, spanEvents: 'all' }).getTracer('a').startSpan('a');
    started.addEvent('e');
    started.end();
    const [record] = kept;
    const millis = ([seconds, nanos]: readonly [number, number] = [0, 0]) => seconds * 1000 + nanos / 1e6;
    expect(millis(record?.startTime)).toBeGreaterThanOrEqual(before);
    expect(millis(record?.events[0]?.time)).toBeGreaterThanOrEqual(millis(record?.startTime));
    expect(millis(record?.endTime)).toBeGreaterThanOrEqual(millis(record?.events[0]?.time));
    // The monotonic clock and the wall clock may drift apart by a little.
    expect(millis(record?.endTime)).toBeLessThan(Date.now() + 60_000);
    expect(millis(record?.duration)).toBeCloseTo(millis(record?.endTime) - millis(record?.startTime), 2);
  });

  it('gives every span its own id, in the trace of its parent', () => {
    const tracer = new OutletTracerProvider({ resource, sink: { push: () => {} }, spanEvents: 'all' }).getTracer('a');
    const contexts = Array.from({ length: 2000 }, () => tracer.startSpan('a', {}, ROOT_CONTEXT).spanContext());
    expect(new Set(contexts.map(({ traceId }) => traceId)).size).toBe(2000);
    expect(new Set(contexts.map(({ spanId }) => spanId)).size).toBe(2000);
    expect(contexts.every(({ traceId, spanId }) => /^[\da-f]{32}$/.test(traceId) && /^[\da-f]{16}$/.test(spanId))).toBe(
      true,
    );
    expect(tracer.startSpan('a', {}, parentOf()).spanContext().traceId).toBe('a'.repeat(32));
  });

  it('makes spans active in all three forms of startActiveSpan', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const tracer = new OutletTracerProvider({ resource, sink: { push: () => {} }, spanEvents: 'all' }).getTracer('a');
    const isActive = (started: Span) => trace.getActiveSpan() === started && started.isRecording();
    expect(tracer.startActiveSpan('a', isActive)).toBe(true);
    expect(tracer.startActiveSpan('a', { kind: SpanKind.CLIENT }, isActive)).toBe(true);
    const traceIdOf = (started: Span) => started.spanContext().traceId;
    expect(tracer.startActiveSpan('a', {}, parentOf(), traceIdOf)).toBe('a'.repeat(32));
  });

  it('leaves unsafe events out at once, so that they displace no safe one', () => {
    const kept: PlainSpan[] = [];
    const sink = { push: (ended: PlainSpan) => void kept.push(ended) };
    const tracer = new OutletTracerProvider({ resource, sink, spanEvents: 'trace-safe' }).getTracer('a');
    const started = tracer.startSpan('a');
    started.addEvent('safe', { target: 'codex_otel.trace_safe' });
    for (let index = 0; index < 200; index += 1) started.addEvent('foreign', { prompt: 'secret' });
    started.end();
    expect(kept[0]?.events.map(({ name }) => name)).toEqual(['safe']);
    expect(kept[0]?.droppedEventsCount).toBe(0);
  });
});

describe('spanSampler', () => {
  const traceIds = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
  const roots = [
    { kind: 'always-on' },
    { kind: 'always-off' },
    ...[0, 0.1, 0.5, 0.999, 1].map((ratio) => ({ kind: 'trace-id-ratio', ratio }) as const),
  ] as const;
  const samplers = [undefined, ...roots, ...roots.map((root) => ({ kind: 'parent-based', root }) as const)];

  it.each(samplers.map((sampler) => [JSON.stringify(sampler) ?? 'none', sampler] as const))(
    'decides as the SDK does: %s',
    (_name, sampler) => {
      const ours = spanSampler(sampler);
      const theirs = sdkSampler(sampler);
      const parents = [
        ROOT_CONTEXT,
        parentOf(),
        parentOf({ traceFlags: 0 }),
        parentOf({ isRemote: false, traceFlags: 0 }),
      ];
      fc.assert(
        fc.property(traceIds, fc.constantFrom(...parents), (traceId, parent) => {
          fc.pre(!/^0+$/.test(traceId));
          const { decision } = theirs.shouldSample(parent, traceId, 'a', SpanKind.INTERNAL, {}, []);
          expect(ours(traceId, trace.getSpanContext(parent))).toBe(decision !== 0);
        }),
      );
    },
  );
});
