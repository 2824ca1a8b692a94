import type { Values } from './dashboards/panel.ts';

/** How a query's values stand to the truth. */
export interface Comparison {
  /** The largest difference as a part of the true value; infinite where a value is missing or one too many. */
  readonly deviation: number;
  /** There was nothing to compare: neither the sessions nor the engine know of any. */
  readonly isEmpty: boolean;
}

/** What still counts as right. */
export const TOLERANCE = 0.01;

/** Compares value by value. Nothing and 0 are the same: a series that was never counted is not there. */
export function compared(values: Values, truth: Values): Comparison {
  const keys = [...new Set([...values.keys(), ...truth.keys()])];
  const deviations = keys.map((key) => {
    const [value = 0, wanted = 0] = [values.get(key), truth.get(key)];
    if (value === wanted) return 0;
    return wanted === 0 ? Number.POSITIVE_INFINITY : Math.abs(value - wanted) / Math.abs(wanted);
  });
  return { deviation: Math.max(0, ...deviations), isEmpty: keys.length === 0 };
}
