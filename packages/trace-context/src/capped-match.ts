/**
 * Accepts values that are not strings: callers pass on what JSON gave them. Text that is longer than any valid one is
 * refused without reading it: the longest valid list has 16,447 characters without white space.
 */
export function matches(pattern: RegExp, text: unknown): text is string {
  return typeof text === 'string' && !text[20_000] && pattern.test(text);
}
