import { matches } from './capped-match.ts';

/**
 * A whole `tracestate` list as level 2 of the recommendation has it, several headers joined by commas before: at most
 * 32 members, white space and empty members around them. A member has a key, whose `@` has no meaning of its own, and
 * a value that does not end in a space. When anything else is in the list, the whole list is refused; a key that comes
 * again is not a reason to, and stays.
 */
export const TRACESTATE: RegExp =
  /^[,\t ]*([\da-z][-*/\d@_a-z]{0,255}=[ -+--<>-~]{0,255}[!-+--<>-~][\t ]*(,|$)[,\t ]*){1,32}$/;

/** What {@link normalTracestate} gave last. */
let known = '';

/**
 * The same list without white space and empty members; empty when it is not valid. The last one is remembered: what
 * comes in with a request goes out with the next ones.
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

/** The value of the first member of this key in a list in its normal form. */
export function tracestateValue(list: string, key: string): string | undefined {
  return list
    .split(',')
    .find((member) => member.startsWith(`${key}=`))
    ?.split('=')[1];
}

/** A list without the members of this key. */
export function withoutMember(list: string, key: string): string {
  return list
    .split(',')
    .filter((member) => !member.startsWith(`${key}=`))
    .join();
}

/** A list with this member in front, in the place of all with the same key; empty when it would not be valid. */
export function withMember(list: string, key: string, value: string): string {
  const changed = normalTracestate(`${key}=${value},${withoutMember(list, key)}`);
  // Otherwise there was a comma in it, or white space around it.
  return tracestateValue(changed, key) === value ? changed : '';
}
