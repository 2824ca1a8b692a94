import { describe, expect, it } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { otlpSignalOf } from '../../src/otlp/otlp-signal.ts';
import type { PlainLogRecord, PlainSpan } from '../../src/otlp/signal-items.ts';
import type { ResourceView } from '../../src/otlp/sized-views.ts';
import { sizedEncoder } from '../../src/otlp/sized-views.ts';

const resources = [
  { attributes: { 'service.name': 'agent', tags: ['a', 'b'] }, schemaUrl: 'https://example.com/schema' },
  { attributes: { 'service.name': 'tool' } },
  { attributes: {} },
];
const scopes = [{ name: 'codex_otel.log_only' }, { name: 'other', version: '1.0.0', schemaUrl: 'https://example.com' }];

const time = fc.tuple(fc.nat(2 ** 31), fc.nat(999_999_999));
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.uint8Array(),
  fc.array(fc.string({ maxLength: 20 })),
  fc.constant({ nested: { text: 'ümläut' } }),
);
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(fc.string({ maxLength: 30 }), value, { maxKeys: 12 });
const context = fc.record(
  {
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: fc.nat(255),
    isRemote: fc.boolean(),
    traceState: fc.constant('a=b'),
  },
  { requiredKeys: ['traceId', 'spanId', 'traceFlags'] },
);
const shared = {
  attributes,
  resource: fc.constantFrom(...resources),
  instrumentationScope: fc.constantFrom(...scopes),
  droppedAttributesCount: fc.nat(3),
};
const record: fc.Arbitrary<PlainLogRecord> = fc.record({
  ...shared,
  hrTime: time,
  hrTimeObserved: time,
  spanContext: fc.option(context, { nil: undefined }),
  severityText: fc.constantFrom(undefined, 'INFO'),
  severityNumber: fc.constantFrom(undefined, 0, 9),
  body: fc.option(value, { nil: undefined }),
  eventName: fc.constantFrom(undefined, '', 'codex.sse_event'),
});
const span: fc.Arbitrary<PlainSpan> = fc.record({
  ...shared,
  name: fc.string({ maxLength: 40 }),
  kind: fc.nat(4),
  spanContext: context,
  parentSpanContext: fc.option(context, { nil: undefined }),
  startTime: time,
  endTime: time,
  duration: time,
  status: fc.record({ code: fc.nat(2), message: fc.string() }, { requiredKeys: ['code'] }),
  links: fc.array(fc.record({ context, attributes }), { maxLength: 3 }),
  events: fc.array(fc.record({ name: fc.string(), time, attributes }), { maxLength: 3 }),
  droppedEventsCount: fc.nat(3),
  droppedLinksCount: fc.nat(3),
});

describe('otlpSignalOf', () => {
  it('encodes log records as the serialiser does, whatever the previous batch was like', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const expected = ProtobufLogsSerializer.serializeRequest(records as object[] as ReadableLogRecord[]);
        expect(otlpSignalOf('logs').encode(records, 'protobuf')).toEqual([expected]);
      }),
    );
  });

  it('encodes spans as the serialiser does, whatever the previous batch was like', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), (spans) => {
        const expected = ProtobufTraceSerializer.serializeRequest(spans.map(sdkSpan));
        expect(otlpSignalOf('traces').encode(spans, 'protobuf')).toEqual([expected]);
      }),
    );
  });

  it('encodes items that are much larger than the previous ones', () => {
    const [small, large] = [10, 100_000].map((length) => ({ ...sample, body: 'ä'.repeat(length) }));
    const expected = ProtobufLogsSerializer.serializeRequest([large] as object[] as ReadableLogRecord[]);
    for (let batch = 0; batch < 3; batch += 1) otlpSignalOf('logs').encode([small as PlainLogRecord], 'protobuf');
    expect(otlpSignalOf('logs').encode([large as PlainLogRecord], 'protobuf')).toEqual([expected]);
  });
});

describe('sizedEncoder', () => {
  const viewOf = (item: { readonly resource: { readonly attributes: Attributes } }, resource: ResourceView) => ({
    item,
    resource,
  });

  it('encodes the real values with a serialiser that reads everything only once', () => {
    const encode = sizedEncoder(viewOf, (views) => Buffer.from(views.map(readOnce).join()));
    expect(String(encode([{ resource: { attributes: { name: 'one' } } }]))).toBe('written one');
  });

  it('encodes once with a serialiser that reads everything twice', () => {
    let calls = 0;
    const encode = sizedEncoder(viewOf, (views) => {
      calls += 1;
      views.map(readOnce);
      return Buffer.from(views.map(readOnce).join());
    });
    expect(String(encode([{ resource: { attributes: { name: 'one' } } }]))).toBe('written one');
    expect(calls).toBe(1);
  });

  it('returns nothing if the serialiser returns nothing', () => {
    expect(sizedEncoder(viewOf, () => undefined)([])).toBeUndefined();
  });
});

const sample: PlainLogRecord = {
  hrTime: [1, 2],
  hrTimeObserved: [1, 2],
  resource: { attributes: {} },
  instrumentationScope: { name: 'codex_otel.log_only' },
  attributes: {},
  droppedAttributesCount: 0,
};

function readOnce({ resource }: { readonly resource: ResourceView }): string {
  const text = `${resource.isSizing ? 'sized' : 'written'} ${resource.attributes.name}`;
  return resource.schemaUrl ?? text;
}

/** A span with what the SDK's own has: its context by a call, trace states as objects. */
function sdkSpan(plain: PlainSpan): ReadableSpan {
  const sdkContext = ({ traceState, ...ids }: PlainSpan['spanContext']) =>
    traceState === undefined ? ids : { ...ids, traceState: { serialize: () => traceState } };
  const { spanContext, links, ...rest } = plain;
  return {
    ...rest,
    spanContext: () => sdkContext(spanContext),
    links: links.map((link) => ({ ...link, context: sdkContext(link.context) })),
  } as object as ReadableSpan;
}
