import type { OtlpAttribute, PlainAttributes, RawAttributed, RawKeyValue } from './otlp-value.ts';
import { attributed, plainInteger } from './otlp-value.ts';
import type { Origin, RawScopeGroup } from './received-resource.ts';
import { hexId, scopeGroups } from './received-resource.ts';

/** Whether points count since the last export, or since the start. */
export type Temporality = 'unspecified' | 'delta' | 'cumulative';

/** A measurement kept as an example. */
export interface ReceivedExemplar {
  readonly timeUnixNano: bigint;
  readonly value: number | bigint;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** What every data point has. */
export interface ReceivedPoint {
  readonly attributes: PlainAttributes;
  readonly typedAttributes: readonly OtlpAttribute[];
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly flags: number;
  readonly exemplars: readonly ReceivedExemplar[];
}

/** A point of a sum or a gauge. */
export interface ReceivedNumberPoint extends ReceivedPoint {
  readonly value: number | bigint;
  /** The type on the wire. */
  readonly valueType: 'int' | 'double';
}

/** A point of a histogram. */
export interface ReceivedHistogramPoint extends ReceivedPoint {
  readonly count: number | bigint;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly bounds: readonly number[];
  /** One more than bounds. */
  readonly bucketCounts: readonly (number | bigint)[];
}

/** A point of an exponential histogram. */
export interface ReceivedExponentialHistogramPoint extends ReceivedPoint {
  readonly count: number | bigint;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly scale: number;
  readonly zeroCount: number | bigint;
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly (number | bigint)[] };
  readonly negative: { readonly offset: number; readonly bucketCounts: readonly (number | bigint)[] };
}

/** A point of a summary. */
export interface ReceivedSummaryPoint extends ReceivedPoint {
  readonly count: number | bigint;
  readonly sum: number;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

interface MetricIdentity extends Origin {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
}

/** One metric of one request: a series of exports gives one such object each. */
export type ReceivedMetric = MetricIdentity &
  (
    | { readonly kind: 'gauge'; readonly points: readonly ReceivedNumberPoint[] }
    | {
        readonly kind: 'sum';
        readonly temporality: Temporality;
        readonly isMonotonic: boolean;
        readonly points: readonly ReceivedNumberPoint[];
      }
    | {
        readonly kind: 'histogram';
        readonly temporality: Temporality;
        readonly points: readonly ReceivedHistogramPoint[];
      }
    | {
        readonly kind: 'exponential-histogram';
        readonly temporality: Temporality;
        readonly points: readonly ReceivedExponentialHistogramPoint[];
      }
    | { readonly kind: 'summary'; readonly points: readonly ReceivedSummaryPoint[] }
    | { readonly kind: 'empty'; readonly points: readonly [] }
  );

interface RawNumber {
  readonly asDouble?: number;
  readonly asInt?: string;
}

interface RawPoint {
  readonly attributes: readonly RawKeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly flags: number;
  readonly exemplars?: readonly (RawNumber & {
    readonly timeUnixNano: string;
    readonly traceId: Uint8Array;
    readonly spanId: Uint8Array;
  })[];
}

interface RawDistribution extends RawPoint {
  readonly count: string;
  readonly sum?: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
}

interface RawBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly string[];
}

interface RawMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly (RawPoint & RawNumber)[] };
  readonly sum?: {
    readonly dataPoints: readonly (RawPoint & RawNumber)[];
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
  };
  readonly histogram?: {
    readonly dataPoints: readonly (RawDistribution & {
      readonly explicitBounds: readonly number[];
      readonly bucketCounts: readonly string[];
    })[];
    readonly aggregationTemporality: number;
  };
  readonly exponentialHistogram?: {
    readonly dataPoints: readonly (RawDistribution & {
      readonly scale: number;
      readonly zeroCount: string;
      readonly positive?: RawBuckets | null;
      readonly negative?: RawBuckets | null;
    })[];
    readonly aggregationTemporality: number;
  };
  readonly summary?: {
    readonly dataPoints: readonly (RawPoint & {
      readonly count: string;
      readonly sum: number;
      readonly quantileValues: readonly { readonly quantile: number; readonly value: number }[];
    })[];
  };
}

/** An `ExportMetricsServiceRequest` as the protobuf library gives it. */
export interface RawMetrics {
  readonly resourceMetrics: readonly {
    readonly resource?: RawAttributed | null;
    readonly schemaUrl: string;
    readonly scopeMetrics: readonly (RawScopeGroup & { readonly metrics: readonly RawMetric[] })[];
  }[];
}

const TEMPORALITIES: readonly Temporality[] = ['unspecified', 'delta', 'cumulative'];

/** The metrics of one request, in order. */
export function receivedMetrics(raw: RawMetrics, requestIndex: number): readonly ReceivedMetric[] {
  const resourceGroups = raw.resourceMetrics.map((group) => ({ ...group, groups: group.scopeMetrics }));
  return [...scopeGroups(resourceGroups, requestIndex)].flatMap(([origin, { metrics }]) =>
    metrics.map((metric) => receivedMetric(metric, origin)),
  );
}

function receivedMetric(raw: RawMetric, origin: Origin): ReceivedMetric {
  const identity = { ...origin, name: raw.name, description: raw.description, unit: raw.unit };
  const { gauge, sum, histogram, exponentialHistogram, summary } = raw;
  if (gauge !== undefined) return { ...identity, kind: 'gauge', points: gauge.dataPoints.map(numberPoint) };
  if (sum !== undefined) {
    return {
      ...identity,
      kind: 'sum',
      temporality: temporality(sum.aggregationTemporality),
      isMonotonic: sum.isMonotonic,
      points: sum.dataPoints.map(numberPoint),
    };
  }
  if (histogram !== undefined) {
    return {
      ...identity,
      kind: 'histogram',
      temporality: temporality(histogram.aggregationTemporality),
      points: histogram.dataPoints.map((item) => ({
        ...distribution(item),
        bounds: item.explicitBounds,
        bucketCounts: item.bucketCounts.map(integer),
      })),
    };
  }
  if (exponentialHistogram !== undefined) {
    return {
      ...identity,
      kind: 'exponential-histogram',
      temporality: temporality(exponentialHistogram.aggregationTemporality),
      points: exponentialHistogram.dataPoints.map((item) => ({
        ...distribution(item),
        scale: item.scale,
        zeroCount: integer(item.zeroCount),
        positive: buckets(item.positive),
        negative: buckets(item.negative),
      })),
    };
  }
  if (summary !== undefined) {
    return {
      ...identity,
      kind: 'summary',
      points: summary.dataPoints.map((item) => ({
        ...point(item),
        count: integer(item.count),
        sum: item.sum,
        quantiles: item.quantileValues,
      })),
    };
  }
  return { ...identity, kind: 'empty', points: [] };
}

function point(raw: RawPoint): ReceivedPoint {
  const { attributes, typedAttributes } = attributed({ attributes: raw.attributes, droppedAttributesCount: 0 });
  return {
    attributes,
    typedAttributes,
    startTimeUnixNano: BigInt(raw.startTimeUnixNano),
    timeUnixNano: BigInt(raw.timeUnixNano),
    flags: raw.flags,
    exemplars: (raw.exemplars ?? []).map((exemplar) => ({
      timeUnixNano: BigInt(exemplar.timeUnixNano),
      value: numberOf(exemplar),
      traceId: hexId(exemplar.traceId),
      spanId: hexId(exemplar.spanId),
    })),
  };
}

function numberPoint(raw: RawPoint & RawNumber): ReceivedNumberPoint {
  return { ...point(raw), value: numberOf(raw), valueType: raw.asInt === undefined ? 'double' : 'int' };
}

function distribution(raw: RawDistribution): Omit<ReceivedHistogramPoint, 'bounds' | 'bucketCounts'> {
  return {
    ...point(raw),
    count: integer(raw.count),
    sum: raw.sum ?? undefined,
    min: raw.min ?? undefined,
    max: raw.max ?? undefined,
  };
}

function buckets(raw: RawBuckets | null | undefined): ReceivedExponentialHistogramPoint['positive'] {
  return { offset: raw?.offset ?? 0, bucketCounts: (raw?.bucketCounts ?? []).map(integer) };
}

function numberOf(raw: RawNumber): number | bigint {
  return raw.asInt === undefined ? (raw.asDouble ?? 0) : integer(raw.asInt);
}

function integer(decimal: string): number | bigint {
  return plainInteger(BigInt(decimal));
}

function temporality(code: number): Temporality {
  return TEMPORALITIES[code] ?? 'unspecified';
}
