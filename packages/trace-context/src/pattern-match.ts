/** What a pattern with three groups finds, when each of them takes part in every match. */
export type Match = readonly [whole: string, first: string, second: string, third: string];

/** Matches what may not be a string at all: callers pass on what JSON gave them. */
export function matched(pattern: RegExp, text: unknown): Match | false | null {
  return typeof text === 'string' && (pattern.exec(text) as Match | null);
}
