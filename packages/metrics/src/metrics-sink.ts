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
  counter(name: string, increment: number, tags?: Tags): void;
  histogram(name: string, value: number, tags?: Tags): void;
  recordDuration(name: string, durationMillis: number, tags?: Tags): void;
  startTimer(name: string, tags?: Tags): Timer;
  histogramWithBoundaries?(
    name: string,
    boundaries: readonly number[],
    value: number,
    tags?: Tags,
    description?: MetricDescription,
  ): void;
  recordDurationSeconds?(name: string, description: string, seconds: number, tags?: Tags): void;
  snapshot?(): Promise<ResourceMetrics>;
  shutdown?(options?: { readonly timeoutMillis?: number | undefined }): Promise<void>;
}
