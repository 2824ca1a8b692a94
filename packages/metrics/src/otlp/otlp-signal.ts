import type { OtelSignal } from '@codex-otel/config';
import type { Link, SpanContext, TraceState } from '@opentelemetry/api';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
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
import type {
  PlainLink,
  PlainLogRecord,
  PlainMetrics,
  PlainResource,
  PlainSpan,
  PlainSpanContext,
  SignalItems,
} from './signal-items.ts';

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

interface SignalParts<Request, Response> {
  readonly protobuf: ISerializer<Request, Response>;
  readonly json: ISerializer<Request, Response>;
  readonly service: string;
  /** The name of the field that counts what was rejected. */
  readonly rejected: string;
}

const traces = otlpSignal({
  protobuf: ProtobufTraceSerializer,
  json: JsonTraceSerializer,
  service: 'trace.v1.TraceService',
  rejected: 'rejectedSpans',
  requests: (items: readonly PlainSpan[]) => [items.map(spanView)],
});
const logs = otlpSignal({
  protobuf: ProtobufLogsSerializer,
  json: JsonLogsSerializer,
  service: 'logs.v1.LogsService',
  rejected: 'rejectedLogRecords',
  // The serialisers read only the data of a record.
  requests: (items: readonly PlainLogRecord[]) => [items as readonly object[] as ReadableLogRecord[]],
});
const metrics = otlpSignal({
  protobuf: ProtobufMetricsSerializer,
  json: JsonMetricsSerializer,
  service: 'metrics.v1.MetricsService',
  rejected: 'rejectedDataPoints',
  requests: mergeByResource,
});

const SIGNALS: { readonly [S in OtelSignal]: OtlpSignal<SignalItems[S]> } = { traces, logs, metrics };

/** How one signal is encoded as OTLP. */
export function otlpSignalOf<S extends OtelSignal>(signal: S): OtlpSignal<SignalItems[S]> {
  return SIGNALS[signal];
}

function otlpSignal<Item, Request, Response>(
  parts: SignalParts<Request, Response> & {
    requests(items: readonly Item[]): readonly Request[];
  },
): OtlpSignal<Item> {
  return {
    encode: (items, format) =>
      parts.requests(items).map((request) => {
        const bytes = parts[format].serializeRequest(request);
        if (bytes === undefined) throw new Error('the batch could not be encoded');
        return bytes;
      }),
    decodeProtobuf: (bytes) => readAcceptance(parts.protobuf.deserializeResponse(bytes), parts.rejected),
    readJson: (answer) => readAcceptance(answer, parts.rejected),
    grpcPath: `/opentelemetry.proto.collector.${parts.service}/Export`,
  };
}

/** A span as its serialisers need it: its context by a call, trace states as objects. */
function spanView(span: PlainSpan): ReadableSpan {
  const context = contextView(span.spanContext);
  const links = span.links.map((link) => (link.context.traceState === undefined ? link : linkView(link)));
  return { ...(span as object as ReadableSpan), spanContext: () => context, links: links as Link[] };
}

function linkView(link: PlainLink): Link {
  return { ...link, context: contextView(link.context) };
}

function contextView({ traceState, ...ids }: PlainSpanContext): SpanContext {
  return traceState === undefined ? ids : { ...ids, traceState: { serialize: () => traceState } as TraceState };
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
