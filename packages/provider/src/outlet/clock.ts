import { monotonicMillis } from '../values/monotonic.ts';

// Not imported, since an import reads every getter of the module at each start.
const { clearTimeout, setImmediate, setTimeout } = process.getBuiltinModule('node:timers');

const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** A timer that has been set. */
export interface ClockTimer {
  cancel(): void;
}

/** The clock of an outlet; tests pass their own. */
export interface Clock {
  /** Milliseconds from any fixed origin, never going back. */
  now(): number;
  /** Calls back once. Only a timer with `holdsProcess` keeps the process alive. */
  after(
    delayMillis: number,
    callback: () => void,
    options?: { readonly holdsProcess?: boolean | undefined },
  ): ClockTimer;
  /** Calls back in a later turn of the event loop. */
  soon(callback: () => void): void;
}

/** The process's own clock and timers. */
export const processClock: Clock = {
  now: monotonicMillis,
  after: (delayMillis, callback, { holdsProcess = false } = {}) => {
    const timer = setTimeout(callback, delayMillis);
    if (!holdsProcess) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  // An unref'd immediate would wait until something else wakes the loop; this one holds the process for one turn only.
  soon: (callback) => {
    setImmediate(callback);
  },
};

/** The nearest time that a timer can be set for; 0 for NaN. */
export function timerMillis(millis: number): number {
  if (Number.isNaN(millis)) return 0;
  return Math.min(Math.max(millis, 0), LONGEST_TIMER_MILLIS);
}
