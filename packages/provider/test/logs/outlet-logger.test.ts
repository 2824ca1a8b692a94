import type { PlainLogRecord } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import type { AnyValue, Context, Logger, LogRecord } from '@opentelemetry/api';
import { ROOT_CONTEXT, SeverityNumber, TraceFlags, trace } from '@opentelemetry/api';
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { OutletLogger } from '../../src/logs/outlet-logger.ts';
import { asSdk } from '../transport/telemetry-samples.ts';

const target = 'codex_otel.log_only';
const resource = resourceFromAttributes({ 'service.name': 'codex_cli_rs', env: 'dev' });
const time = 1_760_000_000_123;

/** What the SDK and our logger make of the same calls, as the exporters would send it. */
function exportBoth(records: readonly LogRecord[]): { readonly ours: string[]; readonly theirs: string[] } {
  const sdkExporter = new InMemoryLogRecordExporter();
  const sdkLogger = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: sdkExporter })],
  }).getLogger(target);
  const kept: PlainLogRecord[] = [];
  const ourLogger = new OutletLogger({
    resource,
    scope: { name: target },
    sink: { push: (r) => kept.push(r) },
  });
  const emit = (logger: Logger) => {
    for (const record of records) logger.emit({ timestamp: time, observedTimestamp: time, ...record });
  };
  emit(sdkLogger);
  emit(ourLogger);
  return { ours: encode(kept.map(asSdk.logRecord)), theirs: encode(sdkExporter.getFinishedLogRecords()) };
}

function encode(records: ReadableLogRecord[]): string[] {
  const [protobuf, json] = [ProtobufLogsSerializer, JsonLogsSerializer].map((one) => one.serializeRequest(records));
  return [Buffer.from(protobuf ?? []).toString('hex'), Buffer.from(json ?? []).toString()];
}

function spanContext(flags: TraceFlags, traceId = 'a'.repeat(32)): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b'.repeat(16), traceFlags: flags });
}

const circular: unknown[] = [];
circular.push(circular);

describe('OutletLogger', () => {
  it.each<[string, LogRecord]>([
    ['an empty record', {}],
    [
      'every kind of simple value',
      { attributes: { text: 'a', empty: '', int: 1, double: 1.5, yes: true, nan: Number.NaN } },
    ],
    ['text outside ASCII', { attributes: { ключ: 'é😀' }, body: 'тело' }],
    [
      'severity and event name',
      { severityNumber: SeverityNumber.INFO, severityText: 'INFO', eventName: 'codex.sse_event' },
    ],
    ['an unspecified severity', { severityNumber: SeverityNumber.UNSPECIFIED }],
    ['a sampled span', { context: spanContext(TraceFlags.SAMPLED) }],
    ['an unsampled span', { context: spanContext(TraceFlags.NONE) }],
    ['an invalid span', { context: spanContext(TraceFlags.SAMPLED, '0'.repeat(32)) }],
    ['undefined, null and function values', { attributes: { a: undefined, b: null, c: () => 1, d: 'kept' } }],
    ['values that contain themselves', { attributes: { circular, fine: [1, [2]] } }],
    ['objects that are not plain', { attributes: { date: new Date(), map: new Map(), symbol: Symbol('s'), big: 1n } }],
    ['nested values', { attributes: { list: ['a', 1, null, undefined], map: { a: { b: 'c', gone: undefined } } } }],
    ['bytes', { attributes: { short: new Uint8Array([1, 2]), long: new Uint8Array(40) } }],
    ['an empty key', { attributes: { '': 'x', a: 'b' } }],
    ['long values', { attributes: { long: 'x'.repeat(50), list: ['y'.repeat(50)], map: { z: 'z'.repeat(50) } } }],
    [
      'more attributes than allowed',
      { attributes: Object.fromEntries(Array.from({ length: 140 }, (_, i) => [`k${i}`, i])) },
    ],
    ['a structured body', { body: { a: [1, 'b'] } }],
    ['an error', { exception: Object.assign(new RangeError('too far'), { stack: 'stack' }), attributes: { a: 1 } }],
    [
      'an error with a code',
      { exception: { code: 42, name: 'E', message: 'm' }, attributes: { 'exception.message': 'own' } },
    ],
    ['a thrown string', { exception: 'boom' }],
    ['times of every kind', { timestamp: new Date(time), observedTimestamp: [1_760_000_000, 5] }],
    ['a time since the start of the process', { timestamp: 12.25 }],
  ])('exports %s byte for byte as the SDK does', (_name, record) => {
    const { ours, theirs } = exportBoth([record]);
    expect(ours).toEqual(theirs);
  });

  it('exports any attributes byte for byte as the SDK does', () => {
    const key = fc.string().filter((name) => name !== '__proto__');
    const value = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true, key });
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), value)), (attributes) => {
        const { ours, theirs } = exportBoth([{ attributes }]);
        expect(ours).toEqual(theirs);
      }),
    );
  });

  it('exports any two times byte for byte as the SDK does', () => {
    const moment = fc.oneof(
      fc.integer({ min: time - 2000, max: time + 2000 }),
      fc.integer({ min: 1_800_000_000_000, max: 4_000_000_000_000 }),
      fc.double({ min: time, max: time + 2000, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, fc.option(moment)), { maxLength: 5 }), (times) => {
        const records = times.map(([timestamp, observed]) => ({ timestamp, observedTimestamp: observed ?? timestamp }));
        const { ours, theirs } = exportBoth(records);
        expect(ours).toEqual(theirs);
      }),
    );
  });

  it('groups records of one logger under one scope', () => {
    const { ours, theirs } = exportBoth([{ eventName: 'a' }, { eventName: 'b' }]);
    expect(ours).toEqual(theirs);
  });

  it('keeps the attributes as they were when the record was emitted', () => {
    const kept: PlainLogRecord[] = [];
    const logger = new OutletLogger({ resource, scope: { name: target }, sink: { push: (r) => kept.push(r) } });
    const attributes = { a: 'before' };
    logger.emit({ attributes });
    attributes.a = 'after';
    expect(kept[0]?.attributes).toEqual({ a: 'before' });
  });

  it('drops a record whose attributes throw, and throws nothing', () => {
    const logger = new OutletLogger({
      resource,
      scope: { name: target },
      sink: {
        push: () => {
          throw new Error('full');
        },
      },
    });
    expect(() => logger.emit({})).not.toThrow();
    expect(() =>
      logger.emit({
        get attributes(): never {
          throw new Error('hostile');
        },
      }),
    ).not.toThrow();
  });

  it('leaves out a value that throws when it is read, and keeps the rest of its record', () => {
    const kept: PlainLogRecord[] = [];
    const logger = new OutletLogger({ resource, scope: { name: target }, sink: { push: (r) => kept.push(r) } });
    const broken = {
      get value(): string {
        throw new Error('no');
      },
    };
    logger.emit({
      eventName: 'a',
      attributes: Object.defineProperties({ kept: 1 }, Object.getOwnPropertyDescriptors(broken)),
    });
    logger.emit({ eventName: 'b', body: broken, attributes: { kept: 1, nested: broken } });
    expect(kept).toMatchObject([
      { eventName: 'a', attributes: { kept: 1 } },
      { eventName: 'b', body: undefined, attributes: { kept: 1 } },
    ]);
    expect(kept.map(({ attributes }) => Object.keys(attributes))).toEqual([['kept'], ['kept']]);
  });

  it('keeps a body as it was when it was logged', () => {
    const kept: PlainLogRecord[] = [];
    const logger = new OutletLogger({ resource, scope: { name: target }, sink: { push: (r) => kept.push(r) } });
    const body: Record<string, AnyValue> = { text: 'a' };
    logger.emit({ body });
    body.self = body;
    expect(kept[0]?.body).toEqual({ text: 'a' });
  });
});
