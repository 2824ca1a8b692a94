/**
 * One clock for everything in a turn: monotonic, and told as time of day by a single anchor, so that no span of the
 * turn starts before its parent or ends after it. The anchor is its first moment, which has no fraction of a
 * millisecond: spans that others start by the clock of the system begin no earlier.
 */
export interface TurnClock {
  /** The moment that it was started at. */
  readonly startedAt: number;
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /** The same moment in Unix milliseconds, with fractions: what a span takes as its start or end. */
  timeOf(moment: number): number;
}

export function startTurnClock(now: () => number = () => performance.now()): TurnClock {
  const startedAt = now();
  const startedAtUnixMillis = Date.now();
  let latest = startedAt;
  return {
    startedAt,
    // A clock of the host's that goes back must not end what has not begun.
    now: () => {
      const moment: unknown = now();
      if (typeof moment === 'number' && moment > latest) latest = moment;
      return latest;
    },
    timeOf: (moment) => startedAtUnixMillis + (moment - startedAt),
  };
}
