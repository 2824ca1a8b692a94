import type { OtelSignal } from '@codex-otel/config';
import type { PlainLogRecord, PlainMetrics, PlainSpan, SignalItems } from '@codex-otel/metrics/otlp';
import type { Attributes } from '@opentelemetry/api';
import type { MetricData } from '@opentelemetry/sdk-metrics';

/** Ids, times, flags and lengths of one item. */
const itemOverheadBytes = 80;
const partOverheadBytes = 10;
/** What a value may be nested, beyond which its size is not looked at. */
const deepest = 8;

/** What an outlet has to know of the items of a signal. */
interface ItemMeasure<Item> {
  /** About how many bytes it takes on the wire. */
  sizeOf(item: Item): number;
  /** How many items it is counted as. */
  countOf(item: Item): number;
  /** Whether it goes first where not all can go: what a turn came to, and the usage of a response. */
  isImportant(item: Item): boolean;
  /** The item as two, where it can be cut. */
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

/** About how many bytes a record takes on the wire. Text is counted in characters: telling UTF-8 apart would cost as much as encoding it. */
function logRecordBytes(record: PlainLogRecord & { readonly attributeBytes?: number }): number {
  const { attributeBytes = attributesBytes(record.attributes), body, eventName = '' } = record;
  return itemOverheadBytes + attributeBytes + eventName.length + (body === undefined ? 0 : valueBytes(body, 0));
}

/** About how many bytes a span takes on the wire. */
function spanBytes(span: PlainSpan): number {
  let bytes = itemOverheadBytes + span.name.length + attributesBytes(span.attributes);
  for (const event of span.events) {
    bytes += partOverheadBytes + event.name.length + attributesBytes(event.attributes ?? {});
  }
  for (const link of span.links) bytes += itemOverheadBytes + attributesBytes(link.attributes ?? {});
  return bytes;
}

/** How many data points a collection has: what it is counted as, everywhere. */
export function metricPoints(metrics: Pick<PlainMetrics, 'scopeMetrics'>): number {
  let points = 0;
  for (const scope of metrics.scopeMetrics) for (const metric of scope.metrics) points += metric.dataPoints.length;
  return points;
}

/** A collection as two that together say the same, each with half of its data points; one point cannot be cut. */
export function halfMetrics(metrics: PlainMetrics): readonly [PlainMetrics, PlainMetrics] | undefined {
  const points = metricPoints(metrics);
  if (points < 2) return undefined;
  const middle = Math.ceil(points / 2);
  return [pointsOf(metrics, 0, middle), pointsOf(metrics, middle, points)];
}

/** The data points from one place up to another, in what they stand in. */
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

/** About how many bytes a collection takes on the wire. */
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
