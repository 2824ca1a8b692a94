import { guard } from './guard.ts';

/** A copy of options, empty where they cannot be read: what the agent does with its turn must not depend on them. */
export function readable<T extends object>(options: T | undefined): T {
  let copy = {} as T; // every caller's options are optional, or read as unknown further on
  guard('read the options of a call', () => {
    copy = { ...copy, ...options };
  });
  return copy;
}

/** A number that can be used, else something else. */
export function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** A time that a timer can be set to, else something else. */
export function timeoutOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && value > 0 ? Math.min(value, 2 ** 31 - 1) : otherwise;
}

/** A text; objects are not asked for theirs, which may be content. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
