import { diag } from '@opentelemetry/api';

/** Places that were reported; bounded, since a name may come from outside. */
const maxReported = 1000;

/**
 * Counts what a session could not record as given: a value of the wrong type, a getter that threw, a metric that was
 * refused. Each place is reported to `diag` once, by name; never with the value, which may be content.
 */
export class UnusableValues {
  #count = 0;
  readonly #reported = new Set<string>();

  get count(): number {
    return this.#count;
  }

  report(place: string, reason: string): void {
    this.#count += 1;
    if (this.#reported.has(place) || this.#reported.size >= maxReported) return;
    this.#reported.add(place);
    diag.warn(`session telemetry: ${place}: ${reason}`);
  }
}
