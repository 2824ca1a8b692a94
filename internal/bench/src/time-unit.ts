/** A unit of time that gives a duration a readable size. */
export interface TimeUnit {
  readonly name: 'ns' | 'µs' | 'ms';
  readonly perMilli: number;
}

/** The unit for a time in milliseconds. */
export function timeUnit(millis: number): TimeUnit {
  if (millis < 1e-3) return { name: 'ns', perMilli: 1e6 };
  return millis < 1 ? { name: 'µs', perMilli: 1e3 } : { name: 'ms', perMilli: 1 };
}

/** A time in milliseconds in its unit, with two digits. */
export function formatTime(millis: number): string {
  const { name, perMilli } = timeUnit(millis);
  return `${Number((millis * perMilli).toPrecision(2))} ${name}`;
}
