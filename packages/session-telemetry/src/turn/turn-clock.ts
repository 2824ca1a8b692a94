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
  const startedAt = now();
  const startedAtUnixMillis = Date.now();
  let latest = startedAt;
  return {
    startedAt,
    // If the host's clock goes back, nothing may end before it began.
    now: () => {
      const moment: unknown = now();
      if (typeof moment === 'number' && moment > latest) latest = moment;
      return latest;
    },
    timeOf: (moment) => startedAtUnixMillis + (moment - startedAt),
  };
}
