import { oneLine } from '@codex-otel/config';
import { reportWarning } from './diagnostics.ts';

/** Limits the places that are remembered, since names may come from outside. */
const maxReported = 1000;

/**
 * Counts what a session could not record as it was given: values of the wrong type, getters that threw, metrics that were
 * refused. Each place is reported on `diag` once, by name and never with the value, which may be content.
 */
export class UnusableValues {
  #count = 0;
  readonly #reported = new Set<string>();

  get count(): number {
    return this.#count;
  }

  report(place: unknown, reason: string): void {
    this.#count += 1;
    const name = placeName(place);
    if (this.#reported.has(name) || this.#reported.size >= maxReported) return;
    this.#reported.add(name);
    reportWarning(`${name}: ${reason}`);
  }
}

/** A name from the caller, made safe for a log: it may be no text, or contain line breaks. */
function placeName(place: unknown): string {
  return typeof place === 'string' ? oneLine(place) : 'a call';
}
