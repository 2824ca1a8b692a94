import { keyBorder } from './key-shapes.ts';

/** What kind of value follows a name. */
export type SecretKind =
  | 'password'
  | 'sql-password'
  | 'token'
  | 'authorization'
  | 'cookie'
  | 'bearer'
  | 'user'
  | 'private-key'
  | 'web-hook';

/** Kinds of `…_key` that are secret; a primary key is not. */
const keyKinds =
  'access|account|api|app|auth|encryption|license|master|private|secret|service|shared|signing|ssh|storage|subscription|webhook';

/** The words that a name ends with, and a pattern for what precedes them. What comes before that does not matter. */
const names: readonly (readonly [kind: SecretKind, before: string, words: readonly string[], flags?: ''])[] = [
  ['password', '', ['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secret', 'secret_key_base']],
  ['password', '(?<![a-z])', ['pass']],
  ['sql-password', 'identified', [' by']],
  ['token', `(?:${keyKinds})[_-]?`, ['key']],
  ['token', '(?<!(?:FOREIGN|PRIMARY|PUBLIC|UNIQUE|SORT|PARTITION))_', ['KEY'], ''],
  ['token', 'client[_-]', ['key-data', 'key_data']],
  ['token', '', ['token', 'credential', 'credentials', 'signature']],
  ['token', '(?<![a-z0-9])', ['sig', 'auth']],
  ['authorization', '', ['authorization']],
  ['cookie', '', ['cookie']],
  ['bearer', keyBorder, ['bearer', 'basic']],
  ['user', '', [' -u', '"-u', "'-u"]],
  ['user', '--(?:proxy-)?', ['user']],
  ['private-key', '-----', ['BEGIN'], ''],
  ['web-hook', '', ['hooks.slack.com', 'discord.com', 'discordapp.com', 'webhook.office.com']],
];

/** A name may be numbered: `token_2`. */
const shapes: readonly (readonly [kind: SecretKind, shape: RegExp])[] = names.map(
  ([kind, before, words, flags = 'i']) => [
    kind,
    new RegExp(`${before}(?:${words.join('|')})(?:[_-]?\\d{1,3})?$`, flags),
  ],
);

/**
 * The last three letters of all those words. One look into this table rules out most words of a text. Upper and lower case
 * share their low five bits.
 */
const endings = new Uint8Array(32 ** 3);
for (const word of names.flatMap(([, , words]) => words)) endings[endingIndex(word, word.length)] = 1;

/** How many characters before the end of a name are checked. */
const longestName = 64;

/** Quickly rules out most runs of name characters. */
export function mayNameSecret(text: string, end: number): boolean {
  return endings[endingIndex(text, wordEnd(text, end))] === 1;
}

/**
 * Tells what kind of secret follows a name.
 *
 * @param start - Where the run of name characters begins, which ends at `end`.
 */
export function secretKindOf(text: string, start: number, end: number): SecretKind | undefined {
  const name = text.slice(Math.max(start - 12, end - longestName, 0), end);
  for (const [kind, shape] of shapes) if (shape.test(name)) return kind;
  return undefined;
}

/** Where a name ends without its number. */
function wordEnd(text: string, end: number): number {
  let last = end;
  while (end - last < 3 && isDigit(text.charCodeAt(last - 1))) last -= 1;
  if (last === end) return end;
  const before = text.charCodeAt(last - 1);
  return before === 45 || before === 95 ? last - 1 : last; // - and _
}

function endingIndex(text: string, end: number): number {
  if (end < 3) return 0;
  return (
    ((text.charCodeAt(end - 3) & 31) << 10) | ((text.charCodeAt(end - 2) & 31) << 5) | (text.charCodeAt(end - 1) & 31)
  );
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
