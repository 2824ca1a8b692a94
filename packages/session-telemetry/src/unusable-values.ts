import { reportWarning } from './diagnostics.ts';

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

  report(place: unknown, reason: string): void {
    this.#count += 1;
    this.#reportOnce(placeName(place), reason);
  }

  #reportOnce(place: string, reason: string): void {
    if (this.#reported.has(place) || this.#reported.size >= maxReported) return;
    this.#reported.add(place);
    reportWarning(`${place}: ${reason}`);
  }
}

/** A name of a caller's, which may be none, and must not begin a line of its own in somebody's log. */
function placeName(place: unknown): string {
  if (typeof place !== 'string') return 'a call';
  return place.slice(0, 200).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}
