import type { GrowthCase } from './growth-cases.ts';
import { formatTime } from './time-unit.ts';

/** What one operation costs at one size. */
export interface GrowthCost {
  readonly size: number;
  readonly millis: number;
}

/** One sentence on how a cost grows, and the reason where it does. */
export function growthSentence(growth: GrowthCase, costs: readonly GrowthCost[]): string {
  const [first, beforeLast, last] = [costs[0], costs.at(-2), costs.at(-1)];
  if (first === undefined || beforeLast === undefined || last === undefined) throw new RangeError('growth needs sizes');
  const at = ({ size, millis }: GrowthCost) => `${formatTime(millis)} with ${growth.with(size.toLocaleString('en'))}`;
  const overall = exponentOf(first, last);
  // A fixed part hides how the cost grows at the end.
  const end = overall < 0.8 && exponentOf(beforeLast, last) >= 0.8 ? ', and in the end in proportion to it' : '';
  const reason = overall < 0.1 || growth.reason === undefined ? '' : ` ${growth.reason}`;
  return `${growth.title} costs ${at(first)}, and ${at(last)}: ${wordsOf(overall)}${end}.${reason}`;
}

/** 0 if the cost stays the same, 1 if it is in proportion to the size. */
function exponentOf(from: GrowthCost, to: GrowthCost): number {
  return Math.log(to.millis / from.millis) / Math.log(to.size / from.size);
}

function wordsOf(exponent: number): string {
  if (exponent < 0.03) return 'it does not grow with the number';
  if (exponent < 0.1) return 'it hardly grows with the number';
  if (exponent < 0.8) return 'it grows more slowly than the number';
  return exponent < 1.2 ? 'it grows in proportion to the number' : 'it grows faster than the number';
}
