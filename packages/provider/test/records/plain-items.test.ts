import type { SignalItems } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import type { AnyValue, Attributes, Link, Span, SpanContext, TraceState } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { OutletLoggerProvider } from '../../src/logs/outlet-logger-provider.ts';
import type { EndingSink } from '../../src/node-sdk/ending-sink.ts';
import { OutletLogRecordProcessor } from '../../src/node-sdk/outlet-log-record-processor.ts';
import { OutletSpanProcessor } from '../../src/node-sdk/outlet-span-processor.ts';
import { encodeBatch, isSendable } from '../../src/records/encode-batch.ts';
import { OutletTracerProvider } from '../../src/traces/outlet-tracer-provider.ts';

class Custom {
  readonly call = (): number => 1;
}
const detached = new Uint8Array(new ArrayBuffer(8));
structuredClone(detached, { transfer: [detached.buffer] });
const circle: unknown[] = [];
circle.push(circle);

/** Values that structured cloning refuses or changes. */
const noData: readonly (readonly [string, unknown])[] = [
  ['a function', () => 1],
  ['a symbol', Symbol('a')],
  ['a promise', Promise.resolve()],
  ['an object with a method', { call: () => 1 }],
  ['an instance of a class', new Custom()],
  ['a weak map', new WeakMap()],
  ['a proxy', new Proxy({ a: 1 }, {})],
  ['shared memory', new Uint8Array(new SharedArrayBuffer(8))],
  ['transferred bytes', detached],
  ['a buffer', Buffer.from('bytes')],
  ['a structure that contains itself', circle],
  ['a big integer', 12n],
];

const traceState = { serialize: () => Symbol('a') } as unknown as TraceState;
const context: SpanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, traceState };
const resource = { attributes: { 'service.name': 'a' } };

function sinkOf<Item>(items: Item[]): EndingSink<Item> {
  return {
    push: (item) => void items.push(item),
    lose: () => {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function use(span: Span, value: unknown): void {
  span.setAttribute('a', value as string);
  span.addEvent('e', { target: 'codex_otel.trace_safe', a: value } as Attributes);
  span.addLink({ context, attributes: { a: value } } as Link);
  span.updateName(value as string);
  span.setStatus({ code: 2, message: value as string });
  span.end();
}

describe.each(noData)('%s', (_name, value) => {
  it('leaves spans that can be written', () => {
    const spans: SignalItems['traces'][] = [];
    const sink = sinkOf(spans);
    const own = new OutletTracerProvider({ resource, sink, spanEvents: 'all' }).getTracer('a');
    use(own.startSpan('a', { attributes: { a: value as string } }), value);
    const processor = new OutletSpanProcessor({ sink, spanEvents: 'all', spanAttributes: {} });
    const host = new TracerProvider({ resource: resourceFromAttributes({ a: 'b' }), spanProcessors: [processor] });
    use(host.getTracer('a').startSpan('a', { attributes: { a: value as string } }), value);
    expect(spans).toHaveLength(2);
    expect(isSendable({ signal: 'traces', id: 'a', items: spans })).toBe(true);
    expect(() => encodeBatch('traces', spans, 'a')).not.toThrow();
  });

  it('leaves log records that can be written', () => {
    const records: SignalItems['logs'][] = [];
    const sink = sinkOf(records);
    const record = { body: value as AnyValue, eventName: value as string, attributes: { a: value } as Attributes };
    new OutletLoggerProvider({ resource, sink }).getLogger('codex_otel.log_only').emit(record);
    const processor = new OutletLogRecordProcessor({ sink, resource });
    new LoggerProvider({ processors: [processor] }).getLogger('codex_otel.log_only').emit(record);
    expect(records).toHaveLength(2);
    expect(() => encodeBatch('logs', records, 'a')).not.toThrow();
  });
});
