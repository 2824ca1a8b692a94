import type { HrTime, TimeInput } from '@opentelemetry/api';

const nanosPerSecond = 1e9;
/** A later time does not fit into the 64 bits of nanoseconds that it has on the wire. */
const lastSecond = 18_446_744_072;
/**
 * Smaller numbers count from the start of the process. Read once, since the getter costs as much as reading a clock.
 */
const smallestUnixMillis = performance.timeOrigin / 2;

/** Milliseconds, since the epoch or of a duration, as seconds and nanoseconds. */
export function hrTimeFromMillis(millis: number): HrTime {
  const seconds = Math.trunc(millis / 1000);
  // For whole milliseconds this gives the same as `%`, which would cost more than everything else here.
  const rest = Number.isInteger(millis) ? millis - seconds * 1000 : millis % 1000;
  return [seconds, Math.round(rest * 1e6)];
}

/** The sum of a time and a duration. */
export function addHrTimes([seconds, nanos]: HrTime, [moreSeconds, moreNanos]: HrTime): HrTime {
  const sum = nanos + moreNanos;
  return sum >= nanosPerSecond ? [seconds + moreSeconds + 1, sum - nanosPerSecond] : [seconds + moreSeconds, sum];
}

/** The duration from one time to another; its seconds are negative if the second one is earlier. */
export function hrTimeBetween([startSeconds, startNanos]: HrTime, [endSeconds, endNanos]: HrTime): HrTime {
  const nanos = endNanos - startNanos;
  return nanos < 0 ? [endSeconds - startSeconds - 1, nanos + nanosPerSecond] : [endSeconds - startSeconds, nanos];
}

/** A reading of `performance.now()` as a time since the epoch. */
export function hrTimeFromPerformance(millis: number): HrTime {
  return addHrTimes(hrTimeFromMillis(performance.timeOrigin), hrTimeFromMillis(millis));
}

/**
 * Converts a time in any form of the API; a small number counts from the start of the process. An invalid time becomes
 * now, since it cannot be encoded and would make the whole batch fail.
 */
export function hrTimeFromInput(time: TimeInput): HrTime {
  if (!isTimeInput(time)) return hrTimeFromMillis(Date.now());
  if (Array.isArray(time)) return time;
  if (typeof time !== 'number') return hrTimeFromMillis(time.getTime());
  return time < smallestUnixMillis ? hrTimeFromPerformance(time) : hrTimeFromMillis(time);
}

/** Whether a value is a time in any form of the API. */
export function isTimeInput(value: unknown): value is TimeInput {
  if (typeof value === 'number') return value >= 0 && value < lastSecond * 1000;
  return value instanceof Date ? isTimeInput(value.getTime()) : isHrTime(value);
}

/** Whether a value is seconds and nanoseconds. */
export function isHrTime(value: unknown): value is HrTime {
  return Array.isArray(value) && value.length === 2 && isPart(value[0], lastSecond) && isPart(value[1], nanosPerSecond);
}

function isPart(value: unknown, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}
