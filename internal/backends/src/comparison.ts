import type { Values } from './dashboards/panel.ts';

/** How a query's values compare with the truth. */
export interface Comparison {
  /** The largest difference as a part of the true value; infinite if a value is missing or unexpected. */
  readonly deviation: number;
  /** There was nothing to compare: neither the sessions nor the engine have values. */
  readonly isEmpty: boolean;
}

/** The difference that still counts as correct. */
export const TOLERANCE = 0.01;

/** Compares value by value. A missing value equals 0, since a series that was never counted does not exist. */
export function compared(values: Values, truth: Values): Comparison {
  const keys = [...new Set([...values.keys(), ...truth.keys()])];
  const deviations = keys.map((key) => {
    const [value = 0, wanted = 0] = [values.get(key), truth.get(key)];
    if (value === wanted) return 0;
    return wanted === 0 ? Number.POSITIVE_INFINITY : Math.abs(value - wanted) / Math.abs(wanted);
  });
  return { deviation: Math.max(0, ...deviations), isEmpty: keys.length === 0 };
}
