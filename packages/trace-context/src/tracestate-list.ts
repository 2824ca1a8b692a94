import { matched } from './pattern-match.ts';

/**
 * A whole `tracestate` list as the recommendation has it, several headers joined by commas before. When anything in
 * it is not, the whole list is to be refused: at most 32 members, each a key (a plain name, or a tenant `@` a
 * system) that no later one has and a value that does not end in a space, or nothing; white space around them.
 *
 * The look-ahead at the start refuses a list of nothing, and caps the length: the longest list that is valid has
 * 16,447 characters without white space. The other one stands before the value, where nothing makes it be tried
 * twice: time is linear.
 */
export const TRACESTATE: RegExp =
  /^(?!.{24000}|[\t ,]*$)(([\t ]*([a-z][-*/\d_a-z]{0,255}|[\da-z][-*/\d_a-z]{0,240}@[a-z][-*/\d_a-z]{0,13})=(?!.*?,[\t ]*\3=)[ -+--<>-~]{0,255}[!-+--<>-~])?[\t ]*(,|$)){1,32}$/;

/** The same list without white space and empty members; empty when it is not valid. */
export function normalTracestate(list: unknown): string {
  const match = matched(TRACESTATE, list);
  if (!match) return '';
  return match[0]
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member)
    .join();
}

/** The value of a member of a list in its normal form. */
export function tracestateValue(list: string, key: string): string | undefined {
  return list
    .split(',')
    .find((member) => member.startsWith(`${key}=`))
    ?.slice(key.length + 1);
}

/** A list without the member of this key. */
export function withoutMember(list: string, key: string): string {
  return list
    .split(',')
    .filter((member) => !member.startsWith(`${key}=`))
    .join();
}

/** A list with this member in front, in the place of one with the same key; empty when it would not be valid. */
export function withMember(list: string, key: string, value: string): string {
  const changed = normalTracestate(`${key}=${value},${withoutMember(list, key)}`);
  // Otherwise there was a comma in it, or white space around it.
  return tracestateValue(changed, key) === value ? changed : '';
}
