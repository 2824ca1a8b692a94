import { errorName } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { shown } from './metric-validation.ts';
import { isMetricsError } from './metrics-error.ts';

/** Names remembered as reported; a program that makes up names must not fill the memory. */
const mostNames = 1000;

/**
 * Counts what could not be recorded and says so once for each metric, through `diag`: a mistake in a hot path
 * would otherwise write thousands of lines.
 */
export class FailureReport {
  readonly #reported = new Set<string>();
  #count = 0;

  /** Records that failed. */
  get count(): number {
    return this.#count;
  }

  /** Never throws. The text of a foreign error is content, so only its name is told. */
  add(metric: string, error: unknown): void {
    this.#count += 1;
    if (this.#reported.has(metric) || this.#reported.size >= mostNames) return;
    this.#reported.add(metric);
    const reason = isMetricsError(error) ? error.message : errorName(error);
    diag.warn(`codex-otel/metrics: metric '${shown(metric)}' not recorded: ${reason} (reported once)`);
  }
}
