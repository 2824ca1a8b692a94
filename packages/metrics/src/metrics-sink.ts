import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** Tags of one recorded value. */
export type Tags = Readonly<Record<string, string>>;

/** A running measurement; records once, at {@link Timer.record} or when disposed. */
export interface Timer extends Disposable {
  /** Records the elapsed time. Base tags win over these. */
  record(tags?: Tags): void;
}

/** What session-telemetry needs of a metrics client. */
export interface MetricsSink {
  counter(name: string, increment: number, tags?: Tags): void;
  histogram(name: string, value: number, tags?: Tags): void;
  recordDuration(name: string, durationMillis: number, tags?: Tags): void;
  startTimer(name: string, tags?: Tags): Timer;
  snapshot?(): Promise<ResourceMetrics>;
  shutdown?(options?: { readonly timeoutMillis?: number | undefined }): Promise<void>;
}
