const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

const SHOWN_LENGTH = 60;

/** Replaces a secret. */
export const REDACTED = '[REDACTED]';

/**
 * Makes `value` show `view` instead of itself to `JSON.stringify` and `util.inspect`. It stays a plain object for
 * everything else: the two methods are not enumerable. `console.dir` and the differences that `assert` prints do
 * not call them, but they show no accessors, so values outside the view become accessors.
 */
export function showingOnly<T extends object>(value: T, view: object): T {
  for (const [key, secret] of Object.entries(value)) {
    if (secret !== Reflect.get(view, key)) Object.defineProperty(value, key, { get: () => secret, enumerable: true });
  }
  Object.defineProperty(value, 'toJSON', { value: () => view });
  Object.defineProperty(value, inspectCustom, { value: () => view });
  return value;
}

/** A copy of `record` whose values can only be read by name. The property `mark` is set on it, if one is given. */
export function secretRecord(
  record: Readonly<Record<string, string>>,
  mark?: symbol | undefined,
): Readonly<Record<string, string>> {
  const view = Object.fromEntries(Object.keys(record).map((name) => [name, REDACTED]));
  const secret = showingOnly({ ...record }, view);
  if (mark !== undefined) Object.defineProperty(secret, mark, { value: true });
  return Object.freeze(secret);
}

/**
 * Makes `value` show its URL without passwords and keys: some vendors take keys in the query. A URL without secrets is
 * left unchanged.
 *
 * @param shown - other values that are shown differently.
 */
export function hidingUrlSecrets<T extends object>(value: T, key: keyof T & string, shown: object = {}): T {
  const url = value[key];
  const shownUrl = typeof url === 'string' ? withoutUrlSecrets(url) : url;
  const hidden = shownUrl === url ? shown : { ...shown, [key]: shownUrl };
  return Object.keys(hidden).length === 0 ? value : showingOnly(value, { ...value, ...hidden });
}

function withoutUrlSecrets(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, `//${REDACTED}@`).replace(/([?#]).+/s, `$1${REDACTED}`);
}

/**
 * A text that is safe in a message: a URL without credentials, even ones that make it invalid, and without its query,
 * which some vendors put keys into; a string that may hold more than one value is only described.
 */
export function shownText(text: string): string {
  if (text.includes('-----BEGIN')) return 'PEM text';
  if (/^\s*\{/.test(text)) return 'a table that is not valid TOML';
  const shown = text.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1').replace(/[?#].*/s, '');
  return /[{}=\r\n]/.test(shown) ? 'a string' : `'${shown.slice(0, SHOWN_LENGTH)}'`;
}
