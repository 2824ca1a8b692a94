import { guard } from './guard.ts';

/** A copy of options; empty if they cannot be read, since bad options must not affect what the agent does. */
export function readable<T extends object>(options: T | undefined): T {
  let copy = {} as T; // every caller's options are optional, or read as unknown further on
  guard('read the options of a call', () => {
    copy = { ...copy, ...options };
  });
  return copy;
}

/** A finite number, or else the other value. */
export function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** A time that a timer accepts, or else the other value. */
export function timeoutOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && value > 0 ? Math.min(value, 2 ** 31 - 1) : otherwise;
}

/** A string, or else ''. Objects are not converted, since their text may be content. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
