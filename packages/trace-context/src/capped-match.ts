/**
 * Tests what may not be a string at all: callers pass on what JSON gave them. What is longer than anything valid can
 * need to be is refused unread: the longest list that is valid has 16,447 characters without white space.
 */
export function matches(pattern: RegExp, text: unknown): text is string {
  return typeof text === 'string' && !text[20_000] && pattern.test(text);
}
