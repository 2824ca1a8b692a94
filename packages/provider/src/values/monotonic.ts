/**
 * Milliseconds of a monotonic clock. Not `performance`, whose first use loads a module that costs more at the start
 * than anything else here.
 */
export function monotonicMillis(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1000 + nanos / 1e6;
}
