import type { Clock } from '../../src/outlet/clock.ts';

/** A clock that only the test moves. */
export interface FakeClock extends Clock {
  /** Runs what is due until then, in order, and in between everything that waits for promises. */
  advance(millis: number): Promise<void>;
  /** Timers that are set and would keep a process alive. */
  holding(): number;
  /** Timers that are set. */
  timers(): number;
}

export function fakeClock(): FakeClock {
  let now = 0;
  let order = 0;
  const timers = new Set<{ at: number; order: number; holds: boolean; callback(): void }>();
  const set = (delayMillis: number, callback: () => void, holds: boolean) => {
    const timer = { at: now + delayMillis, order: order++, holds, callback };
    timers.add(timer);
    return { cancel: () => timers.delete(timer) };
  };
  return {
    now: () => now,
    after: (delayMillis, callback, options) => set(delayMillis, callback, options?.holdsProcess ?? false),
    soon: (callback) => {
      set(0, callback, false);
    },
    advance: async (millis) => {
      const until = now + millis;
      for (let callbacks = 0; ; callbacks += 1) {
        if (callbacks === 100_000) throw new Error('timers are set again and again without a delay');
        await new Promise((resolve) => setImmediate(resolve));
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order);
        if (next === undefined) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
    holding: () => [...timers].filter(({ holds }) => holds).length,
    timers: () => timers.size,
  };
}
