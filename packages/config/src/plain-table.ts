import { isProxy } from 'node:util/types';
import { OtelConfigError } from './otel-config-error.ts';
import { tomlPath } from './toml-path.ts';

/** A table without prototype, so that `__proto__` or `constructor` is an ordinary key. */
export interface PlainTable {
  [key: string]: unknown;
}

/** Deeper than any table of ours. */
const MAX_DEPTH = 12;
/** More than any table of ours has; keeps hostile input, cyclic or huge, cheap. */
const MAX_VALUES = 2_000;

/** Whether `value` is a table, as opposed to a list, a date or a scalar. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object of another realm has another Object.prototype, whose own prototype is null as well.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A bounded copy of a table: lists and scalars are not copied, accessors are not run. */
export function plainTable(source: Readonly<Record<string, unknown>>, path: readonly string[]): PlainTable {
  let left = MAX_VALUES;
  return copy(source, MAX_DEPTH);

  function copy(table: Readonly<Record<string, unknown>>, depth: number): PlainTable {
    const result: PlainTable = Object.create(null);
    for (const key of Object.keys(table)) {
      const value: unknown = Object.getOwnPropertyDescriptor(table, key)?.value;
      left -= Array.isArray(value) ? value.length + 1 : 1;
      if (left < 0) {
        throw new OtelConfigError({ path: tomlPath(path), message: `has more than ${MAX_VALUES} values` });
      }
      if (value === undefined) continue;
      if (isTable(value) && depth === 0) {
        throw new OtelConfigError({ path: tomlPath(path), message: `is nested deeper than ${MAX_DEPTH} tables` });
      }
      result[key] = isTable(value) ? copy(value, depth - 1) : value;
    }
    return result;
  }
}
