import { matches } from './capped-match.ts';

/**
 * A whole `tracestate` list as the recommendation has it, several headers joined by commas before. When anything in
 * it is not, the whole list is to be refused: at most 32 members, each a key (a plain name, or a tenant `@` a
 * system) that no later one has and a value that does not end in a space; white space and empty members around them.
 *
 * The look-ahead for the same key stands before the value, where nothing makes it be tried twice: time is linear.
 * What comes before that key is looked for as a class: engines search for one of those faster than for a comma.
 */
export const TRACESTATE: RegExp =
  /^[,\t ]*(([a-z][-*/\d_a-z]{0,255}|[\da-z][-*/\d_a-z]{0,240}@[a-z][-*/\d_a-z]{0,13})=(?!.*?[,\t ]\2=)[ -+--<>-~]{0,255}[!-+--<>-~][\t ]*(,|$)[,\t ]*){1,32}$/s;

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

/** The value of a member of a list in its normal form. */
export function tracestateValue(list: string, key: string): string | undefined {
  return list
    .split(',')
    .find((member) => member.startsWith(`${key}=`))
    ?.split('=')[1];
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
