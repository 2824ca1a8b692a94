/**
 * One monotonic clock for everything in a turn. A single anchor converts it to the time of day, so that no span of the turn
 * starts before its parent or ends after it. The anchor is a whole millisecond of the system's clock, so spans that others
 * start by that clock do not begin earlier.
 */
export interface TurnClock {
  /** The moment at which it was started. */
  readonly startedAt: number;
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /** A moment in Unix milliseconds with fractions, as spans take it. */
  timeOf(moment: number): number;
}

export function startTurnClock(now: () => number = () => performance.now()): TurnClock {
  return new MonotonicClock(now);
}

// A class, since V8 keeps the number in its field; a variable would get a new object at each reading.
class MonotonicClock implements TurnClock {
  readonly startedAt: number;
  readonly #startedAtUnixMillis: number;
  readonly #now: () => number;
  #latest: number;

  constructor(now: () => number) {
    this.#now = now;
    this.startedAt = now();
    this.#startedAtUnixMillis = Date.now();
    this.#latest = this.startedAt;
  }

  /** If the host's clock goes back, nothing may end before it began. */
  now(): number {
    const now = this.#now; // the host's function, which is not a method of this clock
    const moment: unknown = now();
    if (typeof moment === 'number' && moment > this.#latest) this.#latest = moment;
    return this.#latest;
  }

  timeOf(moment: number): number {
    return this.#startedAtUnixMillis + (moment - this.startedAt);
  }
}
