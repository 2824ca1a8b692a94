const decimalPattern = /^(?<whole>\d+)(?:\.(?<fraction>\d*))?$/;

/**
 * Converts an amount in dollars, as decimal text such as `0.0123456`, to millionths of a dollar. It is exact: the
 * amount never becomes a binary fraction. The seventh digit rounds half up.
 *
 * @returns `undefined` if the amount is not digits with at most one point, or if it is too large for a double.
 */
export function microUsdFromDecimal(amount: string): number | undefined {
  if (typeof amount !== 'string') return undefined;
  const { whole, fraction = '' } = decimalPattern.exec(amount)?.groups ?? {};
  if (whole === undefined) return undefined;
  const kept = BigInt(whole + fraction.slice(0, 6).padEnd(6, '0'));
  const rounded = Number((fraction[6] ?? '0') >= '5' ? kept + 1n : kept);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}
