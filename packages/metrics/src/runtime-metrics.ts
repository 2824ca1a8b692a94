import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { codexMetricNames as names } from './codex-metric-names.ts';
import { fractionalDurations } from './metric-exceptions.ts';

/** Count and total duration. */
export interface RuntimeMetricTotals {
  /** How often it happened. */
  readonly count: number;
  /** How long it took in total, in milliseconds. */
  readonly durationMillis: number;
}

/** What a session did since its last snapshot. A value without data is 0. */
export interface RuntimeMetricsSummary {
  /** Calls of tools. */
  readonly toolCalls: RuntimeMetricTotals;
  /** Requests to the model's API. */
  readonly apiCalls: RuntimeMetricTotals;
  /** Events of response streams. */
  readonly streamingEvents: RuntimeMetricTotals;
  /** Requests over a WebSocket. */
  readonly websocketCalls: RuntimeMetricTotals;
  /** Messages of a WebSocket. */
  readonly websocketEvents: RuntimeMetricTotals;
  /** Overhead of the Responses API, in milliseconds. */
  readonly responsesApiOverheadMillis: number;
  /** Inference time of the Responses API, in milliseconds. */
  readonly responsesApiInferenceTimeMillis: number;
  /** The engine's time to first token, inference API, in milliseconds. */
  readonly responsesApiEngineIapiTtftMillis: number;
  /** The engine's time to first token, service, in milliseconds. */
  readonly responsesApiEngineServiceTtftMillis: number;
  /** The engine's time between tokens, inference API, in milliseconds with fractions. */
  readonly responsesApiEngineIapiTbtMillis: number;
  /** The engine's time between tokens, service, in milliseconds with fractions. */
  readonly responsesApiEngineServiceTbtMillis: number;
  /** The turn's time to first token, in milliseconds. */
  readonly turnTtftMillis: number;
  /** The turn's time to first message, in milliseconds. */
  readonly turnTtfmMillis: number;
}

type KeysOf<Value> = {
  [Key in keyof RuntimeMetricsSummary]: RuntimeMetricsSummary[Key] extends Value ? Key : never;
}[keyof RuntimeMetricsSummary];
type TotalsKey = KeysOf<RuntimeMetricTotals>;
type MillisKey = KeysOf<number>;

// Marked as pure, so that a program without summaries has neither these nor the list of all names.

/** The counter and the duration that totals come from. Missing totals do not compile. */
const totalsSources: Readonly<Record<TotalsKey, readonly [counter: string, duration: string]>> =
  /* @__PURE__ */ (() => ({
    toolCalls: [names.toolCallCount, names.toolCallDuration],
    apiCalls: [names.apiCallCount, names.apiCallDuration],
    streamingEvents: [names.sseEventCount, names.sseEventDuration],
    websocketCalls: [names.websocketRequestCount, names.websocketRequestDuration],
    websocketEvents: [names.websocketEventCount, names.websocketEventDuration],
  }))();
/** The duration that a single value comes from. A missing value does not compile. */
const millisSources: Readonly<Record<MillisKey, string>> = /* @__PURE__ */ (() => ({
  responsesApiOverheadMillis: names.responsesApiOverheadDuration,
  responsesApiInferenceTimeMillis: names.responsesApiInferenceTimeDuration,
  responsesApiEngineIapiTtftMillis: names.responsesApiEngineIapiTtftDuration,
  responsesApiEngineServiceTtftMillis: names.responsesApiEngineServiceTtftDuration,
  responsesApiEngineIapiTbtMillis: names.responsesApiEngineIapiTbtDuration,
  responsesApiEngineServiceTbtMillis: names.responsesApiEngineServiceTbtDuration,
  turnTtftMillis: names.turnTtftDuration,
  turnTtfmMillis: names.turnTtfmDuration,
}))();

const noTotals: RuntimeMetricTotals = /* @__PURE__ */ Object.freeze({ count: 0, durationMillis: 0 });

/** A summary in which every value is 0. */
export const NO_RUNTIME_METRICS: RuntimeMetricsSummary = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ summaryOf(
    () => noTotals,
    () => 0,
  ),
);

/** The largest 64-bit whole number; as a double it is 2^64. */
const most = 2 ** 64;

/** Summarises a snapshot, over all tags. Counts and durations are whole numbers from 0 to 2^64. */
export function runtimeMetricsSummary(snapshot: ResourceMetrics): RuntimeMetricsSummary {
  const sums = sumsByName(snapshot);
  const millisOf = (name: string): number => {
    const millis = sums.get(name)?.histogram ?? 0;
    return fractionalDurations.has(name) ? positive(millis) : wholeNumber(millis);
  };
  return summaryOf(
    (key) => {
      const [counter, duration] = totalsSources[key];
      return { count: wholeNumber(sums.get(counter)?.counter ?? 0), durationMillis: millisOf(duration) };
    },
    (key) => millisOf(millisSources[key]),
  );
}

/**
 * Merges a newer summary into an older one: totals are added, up to 2^64; a newer single value above 0 replaces the
 * older one.
 *
 * @param a - The older one.
 * @param b - The newer one.
 */
export function mergeRuntimeMetrics(a: RuntimeMetricsSummary, b: RuntimeMetricsSummary): RuntimeMetricsSummary {
  return summaryOf(
    (key) => ({
      count: Math.min(a[key].count + b[key].count, most),
      durationMillis: Math.min(a[key].durationMillis + b[key].durationMillis, most),
    }),
    (key) => (b[key] > 0 ? b[key] : a[key]),
  );
}

/** Whether every value of a summary is 0. */
export function isEmptyRuntimeMetrics(summary: RuntimeMetricsSummary): boolean {
  return Object.values(summary).every((value: number | RuntimeMetricTotals) =>
    typeof value === 'number' ? value === 0 : value.count === 0 && value.durationMillis === 0,
  );
}

/** A copy with only the six values of the Responses API; the others are 0. */
export function responsesApiSummary(summary: RuntimeMetricsSummary): RuntimeMetricsSummary {
  return summaryOf(
    () => noTotals,
    (key) => (key.startsWith('responsesApi') ? summary[key] : 0),
  );
}

function summaryOf(
  totals: (key: TotalsKey) => RuntimeMetricTotals,
  millis: (key: MillisKey) => number,
): RuntimeMetricsSummary {
  return { ...valuesOf(totalsSources, totals), ...valuesOf(millisSources, millis) };
}

function valuesOf<Key extends string, Value>(table: Readonly<Record<Key, unknown>>, value: (key: Key) => Value) {
  // The keys are those of the table, which Object.keys gives as plain strings.
  return Object.fromEntries(Object.keys(table).map((key) => [key, value(key as Key)])) as Record<Key, Value>;
}

interface Sums {
  counter: number;
  histogram: number;
}

/** Sums by name; counters and histograms are kept apart, and other kinds count as nothing. */
function sumsByName(snapshot: ResourceMetrics): ReadonlyMap<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const metric of snapshot.scopeMetrics.flatMap((scope) => scope.metrics)) {
    const { name } = metric.descriptor;
    const entry = sums.get(name) ?? { counter: 0, histogram: 0 };
    sums.set(name, entry);
    // DataPointType.SUM and HISTOGRAM; the enum itself would load the SDK.
    if (metric.dataPointType === 3) for (const point of metric.dataPoints) entry.counter += point.value;
    if (metric.dataPointType === 0) for (const point of metric.dataPoints) entry.histogram += point.value.sum ?? 0;
  }
  return sums;
}

/** Rounded half up, at most 2^64; 0 for a number that is negative or not finite. */
function wholeNumber(value: number): number {
  return Math.min(Math.round(positive(value)), most);
}

function positive(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
