import type { OtelSignal } from '@codex-otel/config';
import type { PlainLogRecord, PlainMetrics, PlainSpan, SignalItems } from '@codex-otel/metrics/otlp';
import type { Attributes } from '@opentelemetry/api';
import type { MetricData } from '@opentelemetry/sdk-metrics';

/** Ids, times, flags and lengths of one item. */
const itemOverheadBytes = 80;
const partOverheadBytes = 10;
/** Values that are nested deeper are not measured. */
const deepest = 8;

/** How an outlet measures the items of a signal. */
interface ItemMeasure<Item> {
  /** Approximate size on the wire, in bytes. */
  sizeOf(item: Item): number;
  /** How many items it counts as. */
  countOf(item: Item): number;
  /** Whether it is sent first if time is short: turns, and responses with their usage. */
  isImportant(item: Item): boolean;
  /** Divides the item in two, if it can be divided. */
  divide?(item: Item): readonly [Item, Item] | undefined;
}

/** How the items of each signal are measured. */
export const itemMeasures: { readonly [S in OtelSignal]: ItemMeasure<SignalItems[S]> } = {
  traces: { sizeOf: spanBytes, countOf: () => 1, isImportant: isUsageOrTurn },
  logs: { sizeOf: logRecordBytes, countOf: () => 1, isImportant: isUsageRecord },
  metrics: { sizeOf: metricsBytes, countOf: metricPoints, isImportant: () => true, divide: halfMetrics },
};

function isUsageOrTurn({ name, attributes }: PlainSpan): boolean {
  return name.startsWith('session_task.') || attributes['gen_ai.usage.input_tokens'] !== undefined;
}

function isUsageRecord({ attributes }: PlainLogRecord): boolean {
  return attributes['event.kind'] === 'response.completed' && attributes.input_token_count !== undefined;
}

/**
 * Approximate size of a record on the wire. Text is counted in characters, since counting UTF-8 bytes costs as much as
 * encoding.
 */
function logRecordBytes(record: PlainLogRecord & { readonly attributeBytes?: number }): number {
  const { attributeBytes = attributesBytes(record.attributes), body, eventName = '' } = record;
  return itemOverheadBytes + attributeBytes + eventName.length + (body === undefined ? 0 : valueBytes(body, 0));
}

/** Approximate size of a span on the wire. */
function spanBytes(span: PlainSpan): number {
  let bytes = itemOverheadBytes + span.name.length + attributesBytes(span.attributes);
  for (const event of span.events) {
    bytes += partOverheadBytes + event.name.length + attributesBytes(event.attributes ?? {});
  }
  for (const link of span.links) bytes += itemOverheadBytes + attributesBytes(link.attributes ?? {});
  return bytes;
}

/** The number of data points of a collection, as which it counts. */
export function metricPoints(metrics: Pick<PlainMetrics, 'scopeMetrics'>): number {
  let points = 0;
  for (const scope of metrics.scopeMetrics) for (const metric of scope.metrics) points += metric.dataPoints.length;
  return points;
}

/** Divides a collection in two, each with half of its data points; `undefined` for a single point. */
export function halfMetrics(metrics: PlainMetrics): readonly [PlainMetrics, PlainMetrics] | undefined {
  const points = metricPoints(metrics);
  if (points < 2) return undefined;
  const middle = Math.ceil(points / 2);
  return [pointsOf(metrics, 0, middle), pointsOf(metrics, middle, points)];
}

/** A collection with only the data points from one position to another. */
function pointsOf({ resource, scopeMetrics }: PlainMetrics, from: number, to: number): PlainMetrics {
  let place = 0;
  const part = <Metric extends MetricData>(metric: Metric): Metric[] => {
    const start = place;
    place += metric.dataPoints.length;
    const dataPoints = metric.dataPoints.slice(Math.max(0, from - start), Math.max(0, to - start));
    return dataPoints.length === 0 ? [] : [{ ...metric, dataPoints }];
  };
  const scopes = scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.flatMap(part) }));
  return { resource, scopeMetrics: scopes.filter(({ metrics }) => metrics.length > 0) };
}

/** Approximate size of a collection on the wire. */
function metricsBytes(metrics: PlainMetrics): number {
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

/** Approximate size of any value, in bytes. */
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
