import type { HrTime, TimeInput } from '@opentelemetry/api';

const nanosPerSecond = 1e9;

/** Milliseconds since the epoch as seconds and nanoseconds. */
export function hrTimeFromMillis(epochMillis: number): HrTime {
  return [Math.trunc(epochMillis / 1000), Math.round((epochMillis % 1000) * 1e6)];
}

/** A time in any form that the API takes; a small number counts from the start of the process. */
export function hrTimeFromInput(time: TimeInput): HrTime {
  if (Array.isArray(time)) return time;
  if (typeof time !== 'number') return hrTimeFromMillis(time.getTime());
  return time < performance.timeOrigin / 2 ? fromProcessStart(time) : hrTimeFromMillis(time);
}

function fromProcessStart(millis: number): HrTime {
  const [originSeconds, originNanos] = hrTimeFromMillis(performance.timeOrigin);
  const [seconds, nanos] = hrTimeFromMillis(millis);
  const sum = originNanos + nanos;
  return sum >= nanosPerSecond ? [originSeconds + seconds + 1, sum - nanosPerSecond] : [originSeconds + seconds, sum];
}
