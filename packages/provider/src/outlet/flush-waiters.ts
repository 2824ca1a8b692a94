import type { Clock } from './clock.ts';

/** A caller that waits until everything before `place` is settled. */
interface Waiter {
  readonly place: number;
  /** Whether it keeps waiting while nothing can be sent. */
  readonly retry: boolean;
  settle(): void;
}

/** The callers that wait for a flush. */
export class FlushWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** Settles when everything before `place` is settled, at the latest at the time-out. */
  wait(place: number, timeoutMillis: number, retry: boolean): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        timer.cancel();
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter: Waiter = { place, retry, settle };
      this.#waiters.add(waiter);
      // The only handle that keeps the process alive: sockets and other timers do not, so nothing outlives the wait.
      const timer = this.#clock.after(timeoutMillis, settle, { holdsProcess: true });
    });
  }

  /**
   * @param reached - everything before this place is settled
   * @param isStuck - nothing can be sent for a while
   */
  settle(reached: number, isStuck: boolean): void {
    for (const waiter of this.#waiters) {
      if (reached >= waiter.place || (isStuck && !waiter.retry)) waiter.settle();
    }
  }
}
