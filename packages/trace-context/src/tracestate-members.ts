/** Members of a `tracestate` list by key, in the order of the list. */
export type TracestateMembers = ReadonlyMap<string, string>;

/** What the recommendation allows in one list. */
export const MAX_MEMBERS = 32;

/** Twice the longest list that is valid without white space: room for that, but not without end. */
const MAX_LENGTH = 32_768;

/** Key and value of one member. The recommendation's key is a plain name, or a tenant `@` a system. */
const MEMBER =
  /^([a-z][\d_a-z\-*/]{0,255}|[\da-z][\d_a-z\-*/]{0,240}@[a-z][\d_a-z\-*/]{0,13})=([ -+\--<>-~]{0,255}[!-+\--<>-~])$/;

/** All that may stand in the header at all; white space is space and tab, which `trim` alone would not hold to. */
const ILLEGAL = /[^\t -~]/;

/**
 * Reads a `tracestate` list: several headers are joined by commas before.
 *
 * @returns `undefined` when anything in it is not as the recommendation has it: then the whole list is refused.
 * @see https://www.w3.org/TR/trace-context/#tracestate-header
 */
export function parseTracestate(list: string): TracestateMembers | undefined {
  if (typeof list !== 'string' || list.length > MAX_LENGTH || ILLEGAL.test(list)) return undefined;
  const members = new Map<string, string>();
  for (const part of list.split(',')) {
    const member = part.trim();
    if (!member) continue;
    const [, key = '', value = ''] = MEMBER.exec(member) ?? [];
    if (!key || members.has(key) || members.size === MAX_MEMBERS) return undefined;
    members.set(key, value);
  }
  return members;
}

/** Tells whether a list may have this member. */
export function isTracestateMember(key: string, value: string): boolean {
  // Neither part may hold `=`, so a match has split where the two were put together.
  return MEMBER.test(`${key}=${value}`);
}

/** A list with this member at the front, in the place of one with the same key; `undefined` when that is not allowed. */
export function withMemberInFront(
  members: TracestateMembers,
  key: string,
  value: string,
): TracestateMembers | undefined {
  const changed = new Map([[key, value]]);
  for (const [other, itsValue] of members) if (other !== key) changed.set(other, itsValue);
  return isTracestateMember(key, value) && changed.size <= MAX_MEMBERS ? changed : undefined;
}

/** Writes a list; empty when it has no members. */
export function formatTracestate(members: TracestateMembers): string {
  let list = '';
  for (const [key, value] of members) list += `${list && ','}${key}=${value}`;
  return list;
}
