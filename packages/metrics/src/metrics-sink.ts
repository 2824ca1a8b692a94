import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Tags of one recorded value.
 *
 * Freeze a set that is recorded more than once: frozen tags are recognised by themselves, at a fraction of the
 * price of a fresh object with the same content.
 */
export type Tags = Readonly<Record<string, string>>;

/** A running measurement; records once, at {@link Timer.record} or when disposed. */
export interface Timer extends Disposable {
  /** Records the elapsed time. Base tags win over these. */
  record(tags?: Tags): void;
}

/** What a metric says of itself beside its name. */
export interface MetricDescription {
  readonly description?: string | undefined;
  /** Becomes part of the series' name in Prometheus. */
  readonly unit?: string | undefined;
}

/** What session-telemetry needs of a metrics client. */
export interface MetricsSink {
  /** Adds to a counter: a whole number of at least 0. */
  counter(name: string, increment: number, tags?: Tags, description?: MetricDescription): void;
  /** Records one value of a histogram: a whole number, in the unit that the metric's name says. */
  histogram(name: string, value: number, tags?: Tags): void;
  /** Records how long something took, in milliseconds; fractions are cut off. */
  recordDuration(name: string, durationMillis: number, tags?: Tags): void;
  /** Starts to measure; the timer records a duration in milliseconds. */
  startTimer(name: string, tags?: Tags): Timer;
  /** Records one value of a histogram with its own buckets: their upper bounds, ascending. */
  histogramWithBoundaries?(
    name: string,
    boundaries: readonly number[],
    value: number,
    tags?: Tags,
    description?: MetricDescription,
  ): void;
  /** Records how long something took, in seconds, fractions included. */
  recordDurationSeconds?(name: string, description: string, seconds: number, tags?: Tags): void;
  /** What was recorded so far. Rejects where the client keeps nothing that could be read. */
  snapshot?(): Promise<ResourceMetrics>;
  /** Exports what is left and ends; rejects when it cannot be sent in time. */
  shutdown?(options?: { readonly timeoutMillis?: number | undefined }): Promise<void>;
}
