import type { OtelSignal } from '@codex-otel/config';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { LogRecordView } from './log-record-view.ts';
import type { PlainLogRecord, PlainMetrics, PlainResource, PlainSpan, SignalItems } from './signal-items.ts';
import type { ResourceView } from './sized-views.ts';
import { plainViews, sizedEncoder } from './sized-views.ts';
import { SpanView } from './span-view.ts';

/** What a collector says about a batch that it accepted. */
export interface Acceptance {
  readonly rejectedItems: number;
  /** Empty if the collector says nothing. */
  readonly message: string;
}

/** How the items of one signal are encoded, and how answers are read. */
export interface OtlpSignal<Item> {
  /** The batch as request bodies; more than one only if resources differ. */
  encode(items: readonly Item[], format: 'protobuf' | 'json'): readonly Uint8Array[];
  /** Throws if the bytes are not valid protobuf. */
  decodeProtobuf(bytes: Uint8Array): Acceptance;
  /** The same for a parsed JSON answer. */
  readJson(answer: unknown): Acceptance;
  /** The path of the gRPC method. */
  readonly grpcPath: string;
}

type Encode<Item> = (items: readonly Item[]) => readonly (Uint8Array | undefined)[];

interface SignalParts<Item> {
  readonly protobuf: Encode<Item>;
  readonly json: Encode<Item>;
  /** Reads a response in protobuf. */
  decode(bytes: Uint8Array): unknown;
  readonly service: string;
  /** The name of the field that counts what was rejected. */
  readonly rejected: string;
}

const spanView = (span: PlainSpan, resource: ResourceView): ReadableSpan =>
  new SpanView(span, resource) as object as ReadableSpan;
const encodeSpans = sizedEncoder(spanView, ProtobufTraceSerializer.serializeRequest);
const traces = otlpSignal({
  protobuf: (items: readonly PlainSpan[]) => [encodeSpans(items)],
  json: (items: readonly PlainSpan[]) => [JsonTraceSerializer.serializeRequest(plainViews(items, spanView))],
  decode: (bytes) => ProtobufTraceSerializer.deserializeResponse(bytes),
  service: 'trace.v1.TraceService',
  rejected: 'rejectedSpans',
});

const recordView = (record: PlainLogRecord, resource: ResourceView): ReadableLogRecord =>
  new LogRecordView(record, resource) as object as ReadableLogRecord;
const encodeRecords = sizedEncoder(recordView, ProtobufLogsSerializer.serializeRequest);
const logs = otlpSignal({
  protobuf: (items: readonly PlainLogRecord[]) => [encodeRecords(items)],
  // The serialiser reads only the data of a record.
  json: (items: readonly PlainLogRecord[]) => [
    JsonLogsSerializer.serializeRequest(items as readonly object[] as ReadableLogRecord[]),
  ],
  decode: (bytes) => ProtobufLogsSerializer.deserializeResponse(bytes),
  service: 'logs.v1.LogsService',
  rejected: 'rejectedLogRecords',
});

const metrics = otlpSignal({
  protobuf: (items: readonly PlainMetrics[]) => mergeByResource(items).map(ProtobufMetricsSerializer.serializeRequest),
  json: (items: readonly PlainMetrics[]) => mergeByResource(items).map(JsonMetricsSerializer.serializeRequest),
  decode: (bytes) => ProtobufMetricsSerializer.deserializeResponse(bytes),
  service: 'metrics.v1.MetricsService',
  rejected: 'rejectedDataPoints',
});

const SIGNALS: { readonly [S in OtelSignal]: OtlpSignal<SignalItems[S]> } = { traces, logs, metrics };

/** How one signal is encoded as OTLP. */
export function otlpSignalOf<S extends OtelSignal>(signal: S): OtlpSignal<SignalItems[S]> {
  return SIGNALS[signal];
}

function otlpSignal<Item>(parts: SignalParts<Item>): OtlpSignal<Item> {
  return {
    encode: (items, format) =>
      parts[format](items).map((bytes) => {
        if (bytes === undefined) throw new Error('the batch could not be encoded');
        return bytes;
      }),
    decodeProtobuf: (bytes) => readAcceptance(parts.decode(bytes), parts.rejected),
    readJson: (answer) => readAcceptance(answer, parts.rejected),
    grpcPath: `/opentelemetry.proto.collector.${parts.service}/Export`,
  };
}

/** A request of the metrics serialisers has a single resource. */
function mergeByResource(items: readonly PlainMetrics[]): ResourceMetrics[] {
  const merged = new Map<PlainResource, PlainMetrics>();
  for (const item of items) {
    const earlier = merged.get(item.resource);
    const scopeMetrics = earlier === undefined ? item.scopeMetrics : [...earlier.scopeMetrics, ...item.scopeMetrics];
    merged.set(item.resource, { resource: item.resource, scopeMetrics });
  }
  return [...merged.values()] as object[] as ResourceMetrics[];
}

function readAcceptance(answer: unknown, rejectedField: string): Acceptance {
  const partial = fieldOf(answer, 'partialSuccess');
  const rejected = Number(fieldOf(partial, rejectedField) ?? 0);
  const message = fieldOf(partial, 'errorMessage');
  return {
    // 64-bit numbers are strings in JSON.
    rejectedItems: Number.isFinite(rejected) && rejected > 0 ? rejected : 0,
    message: typeof message === 'string' ? message : '',
  };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
