/** The first wait is up to this long, the next up to twice as long, and so on. */
const FIRST_DELAY_MILLIS = 1000;
const LONGEST_DELAY_MILLIS = 30_000;
/** No retry is immediate, whatever the jitter. */
const SHORTEST_DELAY_MILLIS = 50;

/**
 * How long to wait after this many failures in a row, in milliseconds: exponentially longer, with full jitter.
 *
 * @param random - between 0 and 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMillis(failures: number, random: () => number): number {
  const ceiling = Math.min(FIRST_DELAY_MILLIS * 2 ** (failures - 1), LONGEST_DELAY_MILLIS);
  return Math.max(SHORTEST_DELAY_MILLIS, random() * ceiling);
}
