import { TURN_COST_MICROUSD_METRIC } from './metric-names.ts';
import type { MetricsSink, Tags } from './metrics-sink.ts';

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

/**
 * Adds a turn's cost to its counter.
 *
 * @param estimatedUsd - Decimal text, as the backend sends it.
 * @returns whether it could be read and was recorded.
 */
export function recordTurnCost(sink: Pick<MetricsSink, 'counter'>, estimatedUsd: string, tags?: Tags): boolean {
  const microUsd = microUsdFromDecimal(estimatedUsd);
  if (microUsd === undefined) return false;
  sink.counter(TURN_COST_MICROUSD_METRIC, microUsd, tags);
  return true;
}
