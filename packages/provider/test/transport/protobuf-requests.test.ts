import { describe, expect, it } from '@jest/globals';
import type { AnyValue, Attributes, SpanContext } from '@opentelemetry/api';
import { createTraceState } from '@opentelemetry/api';
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { encodeLogRecords, encodeSpans } from '../../src/transport/protobuf-requests.ts';
import { sampleLogRecord, sampleSpan } from './telemetry-samples.ts';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'gpt-5.1-codex',
    '',
    'é',
    '\ud800',
    'x'.repeat(64),
    'x'.repeat(65),
    'y'.repeat(200),
    'ü'.repeat(5000),
  ),
);
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, -1, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 53, -(2 ** 63), 2 ** 63, Number.NaN, 1e300),
);
const value: fc.Arbitrary<AnyValue> = fc.letrec<{ any: AnyValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.constantFrom(undefined, null),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie('any'), { maxKeys: 4 }),
  ),
})).any;
const attributes = fc.dictionary(
  fc.oneof(fc.constantFrom('model', 'event.name', 'é'), fc.string({ maxLength: 12 })),
  value,
  { maxKeys: 6 },
) as fc.Arbitrary<Attributes>;
const time = fc.tuple(fc.integer({ min: 0, max: 2 ** 33 }), fc.integer({ min: 0, max: 999_999_999 }));
const count = fc.constantFrom(0, 1, 127, 128, 70_000);
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const spanContext: fc.Arbitrary<SpanContext> = fc
  .record({
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: fc.constantFrom(0, 1, 255),
    isRemote: fc.constantFrom(undefined, true, false),
    traceState: fc.constantFrom(undefined, createTraceState('a=b,c=d'), createTraceState('')),
  })
  .map(({ isRemote, traceState, ...ids }) => ({
    ...ids,
    ...(isRemote === undefined ? {} : { isRemote }),
    ...(traceState === undefined ? {} : { traceState }),
  }));
const resources = [
  sampleLogRecord('').resource,
  resourceFromAttributes({ other: true }, { schemaUrl: 'https://schema.test/1' }),
];
const scopes = [
  { name: 'codex_otel.log_only', version: '1' },
  { name: '', schemaUrl: 'https://schema.test/2' },
  { name: 'with attributes', attributes: { a: 'b' }, droppedAttributesCount: 300 },
];
const place = fc.record({ resource: fc.constantFrom(...resources), instrumentationScope: fc.constantFrom(...scopes) });

const record: fc.Arbitrary<ReadableLogRecord> = fc
  .tuple(
    place,
    fc.record({
      hrTime: time,
      hrTimeObserved: time,
      severityNumber: fc.constantFrom(0, 9, 24),
      severityText: fc.constantFrom('', 'INFO'),
      eventName: fc.constantFrom('', 'codex.sse_event'),
      body: value,
      attributes,
      droppedAttributesCount: count,
    }),
    fc.option(spanContext, { nil: undefined }),
  )
  .map(([where, rest, context]) => ({ ...where, ...rest, ...(context === undefined ? {} : { spanContext: context }) }));

const span: fc.Arbitrary<ReadableSpan> = fc
  .tuple(
    place,
    fc.record({
      name: text,
      kind: fc.constantFrom(0, 1, 4),
      startTime: time,
      endTime: time,
      attributes,
      droppedAttributesCount: count,
      droppedEventsCount: count,
      droppedLinksCount: count,
      events: fc.array(fc.record({ name: text, time, attributes, droppedAttributesCount: count }), { maxLength: 3 }),
      links: fc.array(fc.record({ context: spanContext, attributes, droppedAttributesCount: count }), { maxLength: 3 }),
      status: fc.record({ code: fc.constantFrom(0, 1, 2), message: text }),
    }),
    spanContext,
    fc.option(spanContext, { nil: undefined }),
  )
  .map(([where, rest, context, parent]) => ({
    ...where,
    ...rest,
    duration: [0, 0],
    ended: true,
    spanContext: () => context,
    ...(parent === undefined ? {} : { parentSpanContext: parent }),
  }));

describe('encodeLogRecords', () => {
  it('writes what OpenTelemetry’s serialiser writes', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const expected = ProtobufLogsSerializer.serializeRequest(records) ?? new Uint8Array();
        expect(Buffer.compare(encodeLogRecords(records), expected)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('writes it for batches of any length, over and over', () => {
    for (const length of [0, 1, 2, 700, 3]) {
      const records = Array.from({ length }, (_, index) => sampleLogRecord(`body ${index}`, { index, model: 'gpt-5' }));
      const expected = ProtobufLogsSerializer.serializeRequest(records) ?? new Uint8Array();
      expect(Buffer.compare(encodeLogRecords(records), expected)).toBe(0);
    }
  });

  it('writes it for more names than it remembers', () => {
    const records = Array.from({ length: 1500 }, (_, index) => sampleLogRecord('', { [`name ${index}`]: 'same' }));
    const expected = ProtobufLogsSerializer.serializeRequest(records) ?? new Uint8Array();
    for (let times = 0; times < 3; times += 1) expect(Buffer.compare(encodeLogRecords(records), expected)).toBe(0);
  });

  it('does not change what it has written before', () => {
    const first = encodeLogRecords([sampleLogRecord('first', { model: 'a' })]);
    const copy = Buffer.from(first);
    encodeLogRecords([sampleLogRecord('second', { model: 'b' })]);
    expect(Buffer.compare(first, copy)).toBe(0);
  });
});

describe('encodeSpans', () => {
  it('writes what OpenTelemetry’s serialiser writes', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
        const expected = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
        expect(Buffer.compare(encodeSpans(spans), expected)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('writes it for a long batch', () => {
    const spans = Array.from({ length: 600 }, (_, index) => sampleSpan(`span ${index}`));
    const expected = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
    expect(Buffer.compare(encodeSpans(spans), expected)).toBe(0);
  });
});
