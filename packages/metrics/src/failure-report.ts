import { errorName } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { shown } from './metric-validation.ts';
import { isMetricsError } from './metrics-error.ts';

/** How many names are remembered as reported: a program may make up names. */
const mostNames = 1000;

/**
 * Counts values that could not be recorded, and reports each metric once on `diag`: a mistake in a hot path would
 * otherwise write thousands of lines.
 */
export class FailureReport {
  readonly #reported = new Set<string>();
  #count = 0;

  /** How many values could not be recorded. */
  get count(): number {
    return this.#count;
  }

  /** Never throws. The message of a foreign error may be content, so only its name is reported. */
  add(metric: string, error: unknown): void {
    this.#count += 1;
    if (this.#reported.has(metric) || this.#reported.size >= mostNames) return;
    this.#reported.add(metric);
    const reason = isMetricsError(error) ? error.message : errorName(error);
    diag.warn(`codex-otel/metrics: metric '${shown(metric)}' not recorded: ${reason} (reported once)`);
  }
}
