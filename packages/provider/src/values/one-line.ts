/** Characters of a name in a message. */
const longest = 200;

/** A name that a caller chose, for a message: it must not begin a line of its own in somebody's log. */
export function oneLine(name: string): string {
  return name.slice(0, longest).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}
