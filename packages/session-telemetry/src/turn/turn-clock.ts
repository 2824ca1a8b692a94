/**
 * One clock for everything in a turn: monotonic, and told as time of day by a single anchor, so that no span of the
 * turn starts before its parent or ends after it.
 */
export interface TurnClock {
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /** The same moment in Unix milliseconds, with fractions: what a span takes as its start or end. */
  timeOf(moment: number): number;
}

export function startTurnClock(now: () => number = () => performance.now()): TurnClock {
  const unixMillisAtZero = Date.now() - now();
  return { now, timeOf: (moment) => unixMillisAtZero + moment };
}
