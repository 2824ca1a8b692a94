import type { Attributes } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** Ids, times, flags and lengths of one item. */
const itemOverheadBytes = 80;
const partOverheadBytes = 10;
/** What a value may be nested, beyond which its size is not looked at. */
const deepest = 8;

/** About how many bytes a record takes on the wire. Text is counted in characters: telling UTF-8 apart would cost as much as encoding it. */
export function logRecordBytes(record: ReadableLogRecord & { readonly attributeBytes?: number }): number {
  const { attributeBytes = attributesBytes(record.attributes), body, eventName = '' } = record;
  return itemOverheadBytes + attributeBytes + eventName.length + (body === undefined ? 0 : valueBytes(body, 0));
}

/** About how many bytes a span takes on the wire. */
export function spanBytes(span: ReadableSpan): number {
  let bytes = itemOverheadBytes + span.name.length + attributesBytes(span.attributes);
  for (const event of span.events) {
    bytes += partOverheadBytes + event.name.length + attributesBytes(event.attributes ?? {});
  }
  for (const link of span.links) bytes += itemOverheadBytes + attributesBytes(link.attributes ?? {});
  return bytes;
}

/** How many data points a collection has: what it is counted as, everywhere. */
export function metricPoints(metrics: Pick<ResourceMetrics, 'scopeMetrics'>): number {
  let points = 0;
  for (const scope of metrics.scopeMetrics) for (const metric of scope.metrics) points += metric.dataPoints.length;
  return points;
}

/** About how many bytes a collection takes on the wire. */
export function metricsBytes(metrics: ResourceMetrics): number {
  let bytes = 0;
  for (const scope of metrics.scopeMetrics) {
    for (const { descriptor, dataPoints } of scope.metrics) {
      bytes += itemOverheadBytes + descriptor.name.length + descriptor.description.length;
      for (const { attributes, value } of dataPoints) {
        bytes += itemOverheadBytes + attributesBytes(attributes) + valueBytes(value, 0);
      }
    }
  }
  return bytes;
}

/** About how many bytes a value takes, whatever it is. */
export function approximateBytes(value: unknown): number {
  return value === undefined ? 0 : valueBytes(value, 0);
}

function attributesBytes(attributes: Attributes): number {
  let bytes = 0;
  for (const key in attributes) bytes += partOverheadBytes + key.length + valueBytes(attributes[key], 0);
  return bytes;
}

function valueBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === deepest) return partOverheadBytes;
  if (value instanceof Uint8Array) return value.length;
  let bytes = partOverheadBytes;
  for (const [key, part] of Object.entries(value)) bytes += key.length + valueBytes(part, depth + 1);
  return bytes;
}
