/** What a pattern with three groups finds, when each of them takes part in every match. */
export type Match = readonly [whole: string, first: string, second: string, third: string];

/**
 * Matches what may not be a string at all: callers pass on what JSON gave them. What is longer than any header that is
 * valid is not looked at: the longest tracestate has 16,447 characters without white space.
 */
export function matched(pattern: RegExp, text: unknown): Match | false | null {
  return typeof text === 'string' && text.length < 24_000 && (pattern.exec(text) as Match | null);
}
