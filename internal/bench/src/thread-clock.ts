/**
 * CPU time of this thread in milliseconds, which other work on the machine does not change. What V8 does beside it, as
 * collecting garbage in parallel, is not in it. Where it is not known, the clock on the wall.
 */
export function threadMillis(): number {
  if (process.threadCpuUsage === undefined) return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
