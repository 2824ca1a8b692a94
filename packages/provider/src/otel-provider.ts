import type { MetricsClient } from '@codex-otel/metrics';
import type { Logger, Tracer } from '@opentelemetry/api';
import type { ProviderStats } from './pipeline/otel-shutdown-error.ts';

/** How long to wait. */
export interface OtelFlushOptions {
  /** In milliseconds. A value that is not a number of at least 0 counts as not given. @defaultValue 2000 */
  readonly timeoutMillis?: number | undefined;
}

/** Traces, logs and metrics of one service, on their way to their collectors. Made by `createOtelProvider`. */
export interface OtelProvider extends AsyncDisposable {
  /** Its scope is the service's name. It does nothing if the exporter of traces is `none`. */
  readonly tracer: Tracer;
  /**
   * The logger of the session's events: `loggerFor(OTEL_LOG_ONLY_TARGET)`. It does nothing if the exporter of logs is
   * `none`.
   */
  readonly logger: Logger;
  /** Records metrics. `undefined` if the exporter of metrics is `none`. */
  readonly metrics: MetricsClient | undefined;

  /**
   * A logger whose records have this target.
   *
   * @param target - Records of a target that `isLogExportTarget` of `@codex-otel/config` refuses are not exported.
   */
  loggerFor(target: string): Logger;

  /**
   * Sends what is queued.
   *
   * @throws {@link OtelShutdownError} OTEL_SHUTDOWN_INCOMPLETE (as a rejection) if not all of it was delivered within
   * the time-out.
   */
  forceFlush(options?: OtelFlushOptions): Promise<void>;

  /**
   * Sends what is queued and ends the provider. The first call counts; later calls get the same promise. What the
   * collector does not take within the time-out is handed to a detached uploader, which tries again for up to 30 s.
   *
   * @throws {@link OtelShutdownError} OTEL_SHUTDOWN_INCOMPLETE (as a rejection) if not all of it was delivered within
   * the time-out.
   */
  shutdown(options?: OtelFlushOptions): Promise<void>;

  /**
   * Ends the provider of a process that is about to exit: what is queued is handed to a detached uploader, which tries
   * for up to 30 s to send it. Returns without waiting for the uploader and does not throw.
   */
  shutdownOnProcessExit(): void;

  /** What became of the items of each signal since the provider was created. */
  stats(): ProviderStats;

  /**
   * Ends the provider as {@link OtelProvider.shutdown} does, but does not reject: leaving a block must not fail because
   * of telemetry. A loss is reported on `diag`.
   */
  [Symbol.asyncDispose](): Promise<void>;
}
