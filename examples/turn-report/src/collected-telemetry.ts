import type { OtlpCollector, PlainAttributes, ReceivedLogRecord, ReceivedSpan } from '@codex-otel/otlp-collector';
import { shortText } from './model/otlp-json.ts';
import type { Attributes, AttributeValue, LogRecord, Span, Telemetry } from './model/telemetry.ts';

/** What a collector of this process received, for the page. */
export function collectedTelemetry(collector: Pick<OtlpCollector, 'spans' | 'logRecords' | 'metrics'>): Telemetry {
  return {
    spans: collector.spans().map(collectedSpan),
    logs: collector.logRecords().map(collectedLogRecord),
    metricPoints: collector.metrics().reduce((sum, metric) => sum + metric.points.length, 0),
    unusable: 0,
  };
}

function collectedSpan(span: ReceivedSpan): Span {
  const { traceId, spanId, parentSpanId, name } = span;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    service: String(span.resource.attributes['service.name'] ?? ''),
    startMillis: millis(span.startTimeUnixNano),
    endMillis: millis(span.endTimeUnixNano),
    failed: span.status.code === 'error',
    statusMessage: span.status.message,
    attributes: collectedAttributes(span.attributes),
    events: span.events.map((event) => {
      const attributes = collectedAttributes(event.attributes);
      return { name: eventName(attributes, event.name), timeMillis: millis(event.timeUnixNano), attributes };
    }),
  };
}

function collectedLogRecord(record: ReceivedLogRecord): LogRecord {
  const { traceId, spanId } = record;
  const attributes = collectedAttributes(record.attributes);
  return {
    traceId,
    spanId,
    name: eventName(attributes, record.eventName),
    timeMillis: millis(record.timeUnixNano > 0n ? record.timeUnixNano : record.observedTimeUnixNano),
    severity: record.severityText,
    body: record.body === undefined ? '' : String(textOrNumber(record.body)),
    attributes,
  };
}

function eventName(attributes: Attributes, otherwise: string): string {
  const name = attributes['event.name'];
  return typeof name === 'string' && name !== '' ? name : otherwise;
}

function collectedAttributes(attributes: PlainAttributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, textOrNumber(value)]));
}

function textOrNumber(value: PlainAttributes[string]): AttributeValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return shortText(value);
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return shortText(text ?? '');
}

function millis(nanos: bigint): number {
  return Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}
