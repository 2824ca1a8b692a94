/**
 * Milliseconds from any fixed origin, never going back. Not `performance`: its first use loads a module that costs a
 * start more than anything else here does.
 */
export function monotonicMillis(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1000 + nanos / 1e6;
}
