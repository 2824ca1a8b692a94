import { errorReason } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { TimeLimitOptions } from './time-limit.ts';
import { withinTime } from './time-limit.ts';

/** The SDK's own limit for one export. */
const longestExportMillis = 30_000;

/** Parts of a {@link PeriodicExport}. */
export interface PeriodicExportParts {
  /** What was recorded since the last call. */
  collect(): ResourceMetrics;
  readonly exporter: PushMetricExporter;
  readonly intervalMillis: number;
  /** Where metrics go, and why the last attempt failed; for the message of an export that takes too long. */
  readonly describe: () => string;
}

/**
 * Collects and exports at each interval and at each flush, one export at a time: an interval that ends during an export
 * is skipped, and its values go with the next one.
 */
export class PeriodicExport {
  readonly #parts: PeriodicExportParts;
  readonly #timer: NodeJS.Timeout;
  #last: Promise<void> = Promise.resolve();
  #isExporting = false;
  /** Ends all waits for an export. Created for the first wait, since the class is loaded with its first use. */
  #abandoned: AbortController | undefined;

  constructor(parts: PeriodicExportParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#tick(), parts.intervalMillis);
    this.#timer.unref();
  }

  /** Rejects if the exporter fails or does not answer within the time for one export. */
  async forceFlush(): Promise<void> {
    // The exporter's sockets do not hold the process; the timer of the time limit does, while a caller waits.
    this.#abandoned ??= new AbortController();
    await this.#within(this.#longestMillis(), this.#flush(), { signal: this.#abandoned.signal });
  }

  /** Rejects if the exporter fails or does not answer in time; then nothing waits for it any more. */
  async shutdown(timeoutMillis: number): Promise<void> {
    clearInterval(this.#timer);
    const { exporter } = this.#parts;
    try {
      await this.#within(timeoutMillis, this.#end());
    } catch (error) {
      this.#abandoned?.abort();
      // Abandoned: the failure is already reported.
      Promise.resolve(exporter.shutdown()).catch(() => {});
      throw error;
    }
  }

  async #end(): Promise<void> {
    await this.#flush();
    await this.#parts.exporter.shutdown();
  }

  async #flush(): Promise<void> {
    await this.#export();
    await this.#parts.exporter.forceFlush();
  }

  #tick(): void {
    if (this.#isExporting) return;
    this.#within(this.#longestMillis(), this.#export(), { holdsProcess: false }).catch((error: unknown) => {
      diag.error(`codex-otel/metrics: export failed: ${errorReason(error)}`);
    });
  }

  #within(millis: number, work: Promise<void>, options?: Omit<TimeLimitOptions, 'late'>): Promise<void> {
    const late = () => `not done within ${Math.round(millis)} ms: ${this.#parts.describe()}`;
    return withinTime(millis, work, { ...options, late });
  }

  #longestMillis(): number {
    return Math.min(longestExportMillis, this.#parts.intervalMillis);
  }

  /** Starts after the export under way, even if that fails. */
  #export(): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(() => this.#exportOnce());
    return this.#last;
  }

  async #exportOnce(): Promise<void> {
    const metrics = this.#parts.collect();
    if (metrics.scopeMetrics.length === 0) return;
    this.#isExporting = true;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#parts.exporter.export(metrics, ({ code, error }) => {
          if (code === 0) resolve();
          else reject(error ?? new Error('the exporter gave no reason'));
        });
      });
    } finally {
      this.#isExporting = false;
    }
  }
}
