import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Tags of one recorded value.
 *
 * Freeze a set that is recorded more than once: frozen tags are recognised by their identity, at a fraction of the cost
 * of a new object with the same content.
 */
export type Tags = Readonly<Record<string, string>>;

/** A running timer. It records once, by {@link Timer.record} or when it is disposed. */
export interface Timer extends Disposable {
  /** Records the elapsed time. Tags that the timer was started with win over these. */
  record(tags?: Tags): void;
}

/** Description and unit of a metric. */
export interface MetricDescription {
  /** For people. @defaultValue none */
  readonly description?: string | undefined;
  /** Unit in UCUM notation. Becomes part of the series' name in Prometheus. @defaultValue none */
  readonly unit?: string | undefined;
}

/** Where metrics are recorded: the part of {@link MetricsClient} that session-telemetry needs. */
export interface MetricsSink {
  /** Adds a whole number of at least 0 to a counter. */
  counter(name: string, increment: number, tags?: Tags, description?: MetricDescription): void;
  /** Records one value of a histogram, in the unit that the metric's name says. */
  histogram(name: string, value: number, tags?: Tags): void;
  /** Records a duration in milliseconds; fractions are cut off. */
  recordDuration(name: string, durationMillis: number, tags?: Tags): void;
  /** Starts a timer, which records a duration in milliseconds. */
  startTimer(name: string, tags?: Tags): Timer;
  /** Records one value of a histogram with its own buckets, given by their upper bounds, ascending. */
  histogramWithBoundaries?(
    name: string,
    boundaries: readonly number[],
    value: number,
    tags?: Tags,
    description?: MetricDescription,
  ): void;
  /** Records a duration in seconds, with fractions. */
  recordDurationSeconds?(name: string, description: string, seconds: number, tags?: Tags): void;
  /** What was recorded since the last snapshot. Rejects if the client keeps nothing that can be read. */
  snapshot?(): Promise<ResourceMetrics>;
  /** Exports what is left and ends the client; rejects if it cannot be sent in time. */
  shutdown?(options?: { readonly timeoutMillis?: number | undefined }): Promise<void>;
}
