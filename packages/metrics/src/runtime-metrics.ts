import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { codexMetricNames as names } from './codex-metric-names.ts';

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

const noTotals: RuntimeMetricTotals = Object.freeze({ count: 0, durationMillis: 0 });

/** A summary in which every value is 0. */
export const NO_RUNTIME_METRICS: RuntimeMetricsSummary = Object.freeze({
  toolCalls: noTotals,
  apiCalls: noTotals,
  streamingEvents: noTotals,
  websocketCalls: noTotals,
  websocketEvents: noTotals,
  responsesApiOverheadMillis: 0,
  responsesApiInferenceTimeMillis: 0,
  responsesApiEngineIapiTtftMillis: 0,
  responsesApiEngineServiceTtftMillis: 0,
  responsesApiEngineIapiTbtMillis: 0,
  responsesApiEngineServiceTbtMillis: 0,
  turnTtftMillis: 0,
  turnTtfmMillis: 0,
});

/** The largest 64-bit whole number; as a double it is 2^64. */
const most = 2 ** 64;

/** Summarises a snapshot, over all tags. Counts and durations are whole numbers from 0 to 2^64. */
export function runtimeMetricsSummary(snapshot: ResourceMetrics): RuntimeMetricsSummary {
  const sums = sumsByName(snapshot);
  const whole = (name: string): number => wholeNumber(sums.get(name)?.histogram ?? 0);
  const totals = (counter: string, duration: string): RuntimeMetricTotals => ({
    count: wholeNumber(sums.get(counter)?.counter ?? 0),
    durationMillis: whole(duration),
  });
  return {
    toolCalls: totals(names.toolCallCount, names.toolCallDuration),
    apiCalls: totals(names.apiCallCount, names.apiCallDuration),
    streamingEvents: totals(names.sseEventCount, names.sseEventDuration),
    websocketCalls: totals(names.websocketRequestCount, names.websocketRequestDuration),
    websocketEvents: totals(names.websocketEventCount, names.websocketEventDuration),
    responsesApiOverheadMillis: whole(names.responsesApiOverheadDuration),
    responsesApiInferenceTimeMillis: whole(names.responsesApiInferenceTimeDuration),
    responsesApiEngineIapiTtftMillis: whole(names.responsesApiEngineIapiTtftDuration),
    responsesApiEngineServiceTtftMillis: whole(names.responsesApiEngineServiceTtftDuration),
    responsesApiEngineIapiTbtMillis: fraction(sums.get(names.responsesApiEngineIapiTbtDuration)),
    responsesApiEngineServiceTbtMillis: fraction(sums.get(names.responsesApiEngineServiceTbtDuration)),
    turnTtftMillis: whole(names.turnTtftDuration),
    turnTtfmMillis: whole(names.turnTtfmDuration),
  };
}

/**
 * Merges a newer summary into an older one: totals are added, up to 2^64; a newer single value above 0 replaces the
 * older one.
 *
 * @param a - The older one.
 * @param b - The newer one.
 */
export function mergeRuntimeMetrics(a: RuntimeMetricsSummary, b: RuntimeMetricsSummary): RuntimeMetricsSummary {
  return {
    toolCalls: addTotals(a.toolCalls, b.toolCalls),
    apiCalls: addTotals(a.apiCalls, b.apiCalls),
    streamingEvents: addTotals(a.streamingEvents, b.streamingEvents),
    websocketCalls: addTotals(a.websocketCalls, b.websocketCalls),
    websocketEvents: addTotals(a.websocketEvents, b.websocketEvents),
    responsesApiOverheadMillis: newer(a.responsesApiOverheadMillis, b.responsesApiOverheadMillis),
    responsesApiInferenceTimeMillis: newer(a.responsesApiInferenceTimeMillis, b.responsesApiInferenceTimeMillis),
    responsesApiEngineIapiTtftMillis: newer(a.responsesApiEngineIapiTtftMillis, b.responsesApiEngineIapiTtftMillis),
    responsesApiEngineServiceTtftMillis: newer(
      a.responsesApiEngineServiceTtftMillis,
      b.responsesApiEngineServiceTtftMillis,
    ),
    responsesApiEngineIapiTbtMillis: newer(a.responsesApiEngineIapiTbtMillis, b.responsesApiEngineIapiTbtMillis),
    responsesApiEngineServiceTbtMillis: newer(
      a.responsesApiEngineServiceTbtMillis,
      b.responsesApiEngineServiceTbtMillis,
    ),
    turnTtftMillis: newer(a.turnTtftMillis, b.turnTtftMillis),
    turnTtfmMillis: newer(a.turnTtfmMillis, b.turnTtfmMillis),
  };
}

/** Whether every value of a summary is 0. */
export function isEmptyRuntimeMetrics(summary: RuntimeMetricsSummary): boolean {
  return Object.values(summary).every((value: number | RuntimeMetricTotals) =>
    typeof value === 'number' ? value === 0 : value.count === 0 && value.durationMillis === 0,
  );
}

/** A copy with only the six values of the Responses API; the others are 0. */
export function responsesApiSummary(summary: RuntimeMetricsSummary): RuntimeMetricsSummary {
  return {
    ...NO_RUNTIME_METRICS,
    responsesApiOverheadMillis: summary.responsesApiOverheadMillis,
    responsesApiInferenceTimeMillis: summary.responsesApiInferenceTimeMillis,
    responsesApiEngineIapiTtftMillis: summary.responsesApiEngineIapiTtftMillis,
    responsesApiEngineServiceTtftMillis: summary.responsesApiEngineServiceTtftMillis,
    responsesApiEngineIapiTbtMillis: summary.responsesApiEngineIapiTbtMillis,
    responsesApiEngineServiceTbtMillis: summary.responsesApiEngineServiceTbtMillis,
  };
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
  return Number.isFinite(value) && value > 0 ? Math.min(Math.round(value), most) : 0;
}

function fraction(sums: Sums | undefined): number {
  const value = sums?.histogram ?? 0;
  return Number.isFinite(value) && value > 0 ? value : 0;
}

function addTotals(a: RuntimeMetricTotals, b: RuntimeMetricTotals): RuntimeMetricTotals {
  return {
    count: Math.min(a.count + b.count, most),
    durationMillis: Math.min(a.durationMillis + b.durationMillis, most),
  };
}

function newer(older: number, value: number): number {
  return value > 0 ? value : older;
}
