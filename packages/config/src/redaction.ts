const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** What stands in the place of a secret. */
export const REDACTED = '[REDACTED]';

/**
 * Makes `value` show `view` instead of itself to `JSON.stringify` and `util.inspect`. It stays a plain object for
 * everything else: the two methods are not enumerable.
 */
export function showingOnly<T extends object>(value: T, view: object): T {
  Object.defineProperty(value, 'toJSON', { value: () => view });
  Object.defineProperty(value, inspectCustom, { value: () => view });
  return value;
}

/** A copy of `record` whose values are seen only by who reads them by name; with a mark for its reader, if asked. */
export function secretRecord(
  record: Readonly<Record<string, string>>,
  mark?: symbol | undefined,
): Readonly<Record<string, string>> {
  const view = Object.fromEntries(Object.keys(record).map((name) => [name, REDACTED]));
  const secret = showingOnly({ ...record }, view);
  if (mark !== undefined) Object.defineProperty(secret, mark, { value: true });
  return Object.freeze(secret);
}

/** A URL as it may be shown: without credentials and without its query, which some vendors put keys into. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
}
