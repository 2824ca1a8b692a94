/**
 * CPU time of this process in milliseconds, which other work on the machine hardly changes. It includes V8's own
 * threads, such as garbage collection. (The time of a single thread advances in steps of a millisecond or two.)
 */
export function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
