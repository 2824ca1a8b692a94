const decimalPattern = /^(?<whole>\d+)(?:\.(?<fraction>\d*))?$/;

/**
 * Millionths of a dollar of an amount in dollars, written as decimal text (`0.0123456`). Exact: the amount never
 * becomes a binary fraction; the seventh digit rounds half up.
 *
 * @returns `undefined` for anything but digits with at most one point, and for an amount that a double cannot hold.
 */
export function microUsdFromDecimal(amount: string): number | undefined {
  if (typeof amount !== 'string') return undefined;
  const { whole, fraction = '' } = decimalPattern.exec(amount)?.groups ?? {};
  if (whole === undefined) return undefined;
  const kept = BigInt(whole + fraction.slice(0, 6).padEnd(6, '0'));
  const rounded = Number((fraction[6] ?? '0') >= '5' ? kept + 1n : kept);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}
