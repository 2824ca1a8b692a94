import type { HrTime, TimeInput } from '@opentelemetry/api';

const nanosPerSecond = 1e9;

/** Milliseconds, since the epoch or of a duration, as seconds and nanoseconds. */
export function hrTimeFromMillis(millis: number): HrTime {
  return [Math.trunc(millis / 1000), Math.round((millis % 1000) * 1e6)];
}

/** The sum of a time and a duration. */
export function addHrTimes([seconds, nanos]: HrTime, [moreSeconds, moreNanos]: HrTime): HrTime {
  const sum = nanos + moreNanos;
  return sum >= nanosPerSecond ? [seconds + moreSeconds + 1, sum - nanosPerSecond] : [seconds + moreSeconds, sum];
}

/** From one time to another; its seconds are negative when the second one is earlier. */
export function hrTimeBetween([startSeconds, startNanos]: HrTime, [endSeconds, endNanos]: HrTime): HrTime {
  const nanos = endNanos - startNanos;
  return nanos < 0 ? [endSeconds - startSeconds - 1, nanos + nanosPerSecond] : [endSeconds - startSeconds, nanos];
}

/** A reading of `performance.now()` as a time since the epoch. */
export function hrTimeFromPerformance(millis: number): HrTime {
  return addHrTimes(hrTimeFromMillis(performance.timeOrigin), hrTimeFromMillis(millis));
}

/** A time in any form that the API takes; a small number counts from the start of the process. */
export function hrTimeFromInput(time: TimeInput): HrTime {
  if (Array.isArray(time)) return time;
  if (typeof time !== 'number') return hrTimeFromMillis(time.getTime());
  return time < performance.timeOrigin / 2 ? hrTimeFromPerformance(time) : hrTimeFromMillis(time);
}

/** Whether a value is a time in any form that the API takes. */
export function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || isHrTime(value);
}

/** Whether a value is seconds and nanoseconds. */
export function isHrTime(value: unknown): value is HrTime {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number');
}
