import { backoffMillis } from './backoff.ts';

/** A collector may ask for an hour; we look again after this. */
const LONGEST_RETRY_AFTER_MILLIS = 300_000;

/**
 * A circuit breaker: whether a collector is worth asking. After a failure that may pass it stays open for a while,
 * longer each time, then lets a single batch through to see.
 */
export class Circuit {
  readonly #random: () => number;
  #failures = 0;
  #round = 0;
  #retryAt = 0;
  #askedToWait = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#failures > 0;
  }

  /** When one batch may try again, on the clock that `now` is of. Only where it is open. */
  get retryAt(): number {
    return this.#retryAt;
  }

  /** Changes with each failure that counts; an export remembers the one that it started in. */
  get round(): number {
    return this.#round;
  }

  /** Whether another export may start beside those under way. */
  allows(now: number, underWay: number): boolean {
    return !this.isOpen || (underWay === 0 && now >= this.#retryAt);
  }

  /** The collector answered. */
  succeeded(): void {
    this.#failures = 0;
    this.#askedToWait = false;
  }

  /** @returns how long to wait, in milliseconds */
  failed(now: number, round: number, retryAfterMillis = 0): number {
    // Exports that ran side by side fail together, and count as one failure.
    if (!this.isOpen || round === this.#round) {
      this.#failures += 1;
      this.#round += 1;
      this.#retryAt = now + backoffMillis(this.#failures, this.#random);
    }
    const asked = now + Math.min(retryAfterMillis, LONGEST_RETRY_AFTER_MILLIS);
    if (retryAfterMillis > 0 && asked >= this.#retryAt) {
      this.#retryAt = asked;
      this.#askedToWait = true;
    }
    // An export that fails late may find the time to try again already gone.
    return Math.max(0, this.#retryAt - now);
  }

  /** Somebody waits for the answer: no need to sit out our own delay, only one that the collector asked for. */
  hurry(now: number): void {
    if (!this.#askedToWait) this.#retryAt = Math.min(this.#retryAt, now);
  }
}
