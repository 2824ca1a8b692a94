import type { OtlpConnection } from '@codex-otel/config';
import type { PlainLogRecord, PlainMetrics, PlainResource, PlainSpan } from '@codex-otel/metrics/otlp';
import type { Attributes, Link, SpanContext } from '@opentelemetry/api';
import { createTraceState, SeverityNumber, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

const sampleResource: PlainResource = { attributes: { 'service.name': 'codex_cli_rs', env: 'test' } };
const scope = { name: 'codex_otel.log_only', version: '1.2.3' };
const spanContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: TraceFlags.SAMPLED,
};

export function sampleLogRecord(body: string, attributes: Attributes = {}): PlainLogRecord {
  return {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_000, 223_456_789],
    spanContext,
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body,
    eventName: 'codex.sse_event',
    resource: sampleResource,
    instrumentationScope: scope,
    attributes: { 'event.name': 'codex.sse_event', duration_ms: 12, success: true, ratio: 0.5, ...attributes },
    droppedAttributesCount: 0,
  };
}

export function sampleLogRecords(count: number): PlainLogRecord[] {
  return Array.from({ length: count }, (_, index) => sampleLogRecord(`record ${index}`));
}

export function sampleSpan(name: string): PlainSpan {
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext,
    startTime: [1_700_000_000, 0],
    endTime: [1_700_000_001, 5],
    status: { code: SpanStatusCode.UNSET },
    attributes: { 'turn.id': 'turn-1', tokens: 42 },
    links: [],
    events: [{ name: 'codex.tool_result', time: [1_700_000_000, 7], attributes: { target: 'codex_otel.trace_safe' } }],
    duration: [1, 5],
    resource: sampleResource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

export function sampleMetrics(name: string): PlainMetrics {
  return {
    resource: sampleResource,
    scopeMetrics: [
      {
        scope,
        metrics: [
          {
            descriptor: { name, description: '', unit: '1', valueType: 0 },
            aggregationTemporality: AggregationTemporality.DELTA,
            dataPointType: DataPointType.SUM,
            isMonotonic: true,
            dataPoints: [
              { startTime: [1_700_000_000, 0], endTime: [1_700_000_060, 0], attributes: { tool: 'shell' }, value: 7 },
            ],
          },
        ],
      },
    ],
  };
}

/** The same as the SDK has them, for its own exporters. */
export const asSdk: {
  span(span: PlainSpan): ReadableSpan;
  logRecord(record: PlainLogRecord): ReadableLogRecord;
  metrics(metrics: PlainMetrics): ResourceMetrics;
} = {
  span: ({ spanContext, parentSpanContext, links, ...span }) => ({
    ...span,
    spanContext: () => withTraceState(spanContext),
    ...(parentSpanContext && { parentSpanContext: withTraceState(parentSpanContext) }),
    links: links.map((link): Link => ({ ...link, context: withTraceState(link.context) })),
    ended: true,
    resource: sdkResource(span.resource),
  }),
  logRecord: ({ spanContext, ...record }) =>
    ({
      ...record,
      ...(spanContext && { spanContext: withTraceState(spanContext) }),
      resource: sdkResource(record.resource),
    }) as ReadableLogRecord,
  metrics: (metrics) => ({ ...metrics, resource: sdkResource(metrics.resource) }),
};

function withTraceState({ traceState, ...ids }: PlainSpan['spanContext']): SpanContext {
  return traceState === undefined ? ids : { ...ids, traceState: createTraceState(traceState) };
}

const sdkResources = new WeakMap<PlainResource, Resource>();

/** The serialisers put items together whose resource is the same object. */
function sdkResource(plain: PlainResource): Resource {
  const resource = sdkResources.get(plain) ?? resourceFromAttributes(plain.attributes);
  sdkResources.set(plain, resource);
  return resource;
}

/** A plain connection; each test adds what is special about its own. */
export function sampleConnection(url: string, changes: Partial<OtlpConnection> = {}): OtlpConnection {
  return {
    protocol: 'http/protobuf',
    url,
    headers: async () => ({}),
    timeoutMillis: 60_000,
    compression: 'none',
    ...changes,
  };
}
