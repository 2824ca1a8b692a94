import { backoffMillis } from './backoff.ts';

/** A collector may ask for a longer wait; it is tried again after this. */
const LONGEST_RETRY_AFTER_MILLIS = 300_000;

/**
 * A circuit breaker: decides whether to send to a collector. After a temporary failure it stays open for a while,
 * longer each time, and then lets a single batch through as a test.
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

  /** When one batch may be tried, on the clock of `now`. Only meaningful while it is open. */
  get retryAt(): number {
    return this.#retryAt;
  }

  /** Changes with each failure that counts. An export remembers the round in which it started. */
  get round(): number {
    return this.#round;
  }

  /** Whether another export may start while `underWay` are running. */
  allows(now: number, underWay: number): boolean {
    return !this.isOpen || (underWay === 0 && now >= this.#retryAt);
  }

  /** The collector answered. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** @returns how long to wait, in milliseconds */
  failed(now: number, round: number, retryAfterMillis = 0): number {
    // Concurrent exports fail together and count as one failure.
    if (!this.isOpen || round === this.#round) {
      this.#failures += 1;
      this.#round += 1;
      this.#retryAt = now + backoffMillis(this.#failures, this.#random);
      this.#askedToWait = false;
    }
    const asked = now + Math.min(retryAfterMillis, LONGEST_RETRY_AFTER_MILLIS);
    if (retryAfterMillis > 0 && asked >= this.#retryAt) {
      this.#retryAt = asked;
      this.#askedToWait = true;
    }
    // If an export fails late, the time for the next attempt may be over already.
    return Math.max(0, this.#retryAt - now);
  }

  /** Ends our own delay, because a flush is waiting; a delay that the collector asked for stays. */
  hurry(now: number): void {
    if (!this.#askedToWait) this.#retryAt = Math.min(this.#retryAt, now);
  }
}
