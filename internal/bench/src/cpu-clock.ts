/**
 * CPU time of this process in milliseconds, which other work on the machine hardly changes. What V8 does on threads of
 * its own, as collecting garbage, is part of it. (The time of a single thread advances in steps of a millisecond or two.)
 */
export function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
