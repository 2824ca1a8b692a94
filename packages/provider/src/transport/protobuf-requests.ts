import type { Attributes, SpanContext } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { AttributeEncoder, writeValue } from './protobuf-attributes.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** How many bytes the length of a record, and of a whole request, mostly takes. */
const RECORD_LENGTH = 2;
const REQUEST_LENGTH = 3;
const SHORT_LENGTH = 1;
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

type Scope = InstrumentationScope & {
  readonly attributes?: Attributes | undefined;
  readonly droppedAttributesCount?: number | undefined;
};

/** What stands in one scope of one resource. */
interface Item {
  readonly resource: Resource;
  readonly instrumentationScope: Scope;
}

const resourceAttributes = new AttributeEncoder(1);
const scopeAttributes = new AttributeEncoder(3);
const recordAttributes = new AttributeEncoder(6);
const spanAttributes = new AttributeEncoder(9);
const eventAttributes = new AttributeEncoder(3);
const linkAttributes = new AttributeEncoder(4);

/**
 * Writes log records as an `ExportLogsServiceRequest`: the same bytes as OpenTelemetry's serialiser, in a
 * fraction of its time, since what repeats from record to record is written once.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
 */
export const encodeLogRecords: (records: readonly ReadableLogRecord[]) => Uint8Array = requestEncoder(
  (writer, record: ReadableLogRecord) => {
    const { severityNumber, severityText, body, spanContext, eventName } = record;
    writer.nanos(1, record.hrTime);
    if (severityNumber) writer.varint(2, severityNumber);
    if (severityText) writer.text(3, severityText);
    if (body !== undefined) writeValue(writer, 5, body);
    recordAttributes.write(writer, record.attributes);
    writer.varint(7, record.droppedAttributesCount);
    if (spanContext?.traceFlags) writer.fixed32(8, spanContext.traceFlags);
    if (spanContext?.traceId) writer.hex(9, spanContext.traceId);
    if (spanContext?.spanId) writer.hex(10, spanContext.spanId);
    writer.nanos(11, record.hrTimeObserved);
    if (eventName) writer.text(12, eventName);
  },
);

/**
 * Writes spans as an `ExportTraceServiceRequest`, as {@link encodeLogRecords} does records.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export const encodeSpans: (spans: readonly ReadableSpan[]) => Uint8Array = requestEncoder(
  (writer, span: ReadableSpan) => {
    const context = span.spanContext();
    const parent = span.parentSpanContext;
    writeIds(writer, context);
    if (parent?.spanId) writer.hex(4, parent.spanId);
    writer.text(5, span.name);
    // The protocol's kinds begin at 1; 0 is "unspecified".
    writer.varint(6, span.kind + 1);
    writer.nanos(7, span.startTime);
    writer.nanos(8, span.endTime);
    spanAttributes.write(writer, span.attributes);
    writer.varint(10, span.droppedAttributesCount);
    for (const event of span.events) {
      const start = writer.begin(11, RECORD_LENGTH);
      writer.nanos(1, event.time);
      writer.text(2, event.name);
      if (event.attributes) eventAttributes.write(writer, event.attributes);
      writer.varint(4, event.droppedAttributesCount || 0);
      writer.end(start, RECORD_LENGTH);
    }
    writer.varint(12, span.droppedEventsCount);
    for (const link of span.links) {
      const start = writer.begin(13, SHORT_LENGTH);
      writeIds(writer, link.context);
      if (link.attributes) linkAttributes.write(writer, link.attributes);
      writer.varint(5, link.droppedAttributesCount || 0);
      writer.fixed32(6, spanFlags(link.context, link.context.isRemote));
      writer.end(start, SHORT_LENGTH);
    }
    writer.varint(14, span.droppedLinksCount);
    const status = writer.begin(15, SHORT_LENGTH);
    if (span.status.message) writer.text(2, span.status.message);
    writer.varint(3, span.status.code);
    writer.end(status, SHORT_LENGTH);
    writer.fixed32(16, spanFlags(context, parent?.isRemote));
  },
);

/** Resources and scopes of all signals have the same fields; only their items differ. */
function requestEncoder<I extends Item>(
  writeItem: (writer: ProtobufWriter, item: I) => void,
): (items: readonly I[]) => Uint8Array {
  let expectedBytes = 0;
  return (items) => {
    const writer = new ProtobufWriter(expectedBytes);
    for (const [resource, scopes] of grouped(items)) {
      const resourceStart = writer.begin(1, REQUEST_LENGTH);
      writeResource(writer, resource);
      for (const [scope, own] of scopes) {
        const scopeStart = writer.begin(2, REQUEST_LENGTH);
        writeScope(writer, scope);
        for (const item of own) {
          const itemStart = writer.begin(2, RECORD_LENGTH);
          writeItem(writer, item);
          writer.end(itemStart, RECORD_LENGTH);
        }
        if (scope.schemaUrl) writer.text(3, scope.schemaUrl);
        writer.end(scopeStart, REQUEST_LENGTH);
      }
      if (resource.schemaUrl) writer.text(3, resource.schemaUrl);
      writer.end(resourceStart, REQUEST_LENGTH);
    }
    // The next batch is probably as large; a quarter more saves a copy.
    expectedBytes = Math.ceil(writer.length * 1.25);
    return writer.finish();
  };
}

function grouped<I extends Item>(items: readonly I[]): Map<Resource, Map<Scope, I[]>> {
  const resources = new Map<Resource, Map<Scope, I[]>>();
  for (const item of items) {
    let scopes = resources.get(item.resource);
    if (scopes === undefined) {
      scopes = new Map();
      resources.set(item.resource, scopes);
    }
    const own = scopes.get(item.instrumentationScope);
    if (own === undefined) scopes.set(item.instrumentationScope, [item]);
    else own.push(item);
  }
  return resources;
}

function writeResource(writer: ProtobufWriter, resource: Resource): void {
  const start = writer.begin(1, RECORD_LENGTH);
  resourceAttributes.write(writer, resource.attributes);
  writer.varint(2, 0);
  writer.end(start, RECORD_LENGTH);
}

function writeScope(writer: ProtobufWriter, scope: Scope): void {
  const start = writer.begin(1, SHORT_LENGTH);
  writer.text(1, scope.name);
  if (scope.version) writer.text(2, scope.version);
  if (scope.attributes) scopeAttributes.write(writer, scope.attributes);
  if (scope.droppedAttributesCount) writer.varint(4, scope.droppedAttributesCount);
  writer.end(start, SHORT_LENGTH);
}

function writeIds(writer: ProtobufWriter, { traceId, spanId, traceState }: SpanContext): void {
  writer.hex(1, traceId);
  writer.hex(2, spanId);
  const state = traceState?.serialize();
  if (state) writer.text(3, state);
}

function spanFlags({ traceFlags }: SpanContext, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
