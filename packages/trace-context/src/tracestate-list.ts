import { matches } from './capped-match.ts';

/**
 * A whole `tracestate` list as defined by level 2 of the recommendation, with several headers already joined by commas:
 * at most 32 members, with white space and empty members around them. A member has a key, in which `@` is an ordinary
 * character, and a value that does not end in a space. Anything else in the list makes the whole list invalid; a
 * repeated key is allowed and kept.
 */
export const TRACESTATE: RegExp =
  /^[,\t ]*([\da-z][-*/\d@_a-z]{0,255}=[ -+--<>-~]{0,255}[!-+--<>-~][\t ]*(,|$)[,\t ]*){1,32}$/;

/** The last result of {@link normalTracestate}. */
let known = '';

/**
 * The same list without white space and empty members; empty when it is invalid. The last result is cached: the list of
 * an incoming request goes out with the requests that it causes.
 */
export function normalTracestate(list: unknown): string {
  if (list === known) return known;
  known = matches(TRACESTATE, list)
    ? list
        .split(',')
        .map((member) => member.trim())
        .filter((member) => member)
        .join()
    : '';
  return known;
}

/** The value of the first member with this key in a normalized list. */
export function tracestateValue(list: string, key: string): string | undefined {
  return list
    .split(',')
    .find((member) => member.startsWith(`${key}=`))
    ?.split('=')[1];
}

/** A list without the members with this key. */
export function withoutMember(list: string, key: string): string {
  return list
    .split(',')
    .filter((member) => !member.startsWith(`${key}=`))
    .join();
}

/** A list with this member in front, replacing all with the same key; empty when it would be invalid. */
export function withMember(list: string, key: string, value: string): string {
  const changed = normalTracestate(`${key}=${value},${withoutMember(list, key)}`);
  // Otherwise the value contained a comma or had white space around it.
  return tracestateValue(changed, key) === value ? changed : '';
}
