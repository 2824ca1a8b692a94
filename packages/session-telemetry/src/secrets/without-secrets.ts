import { REDACTED } from '../text-limits.ts';
import { base64Key, keyPattern, shortestKey } from './key-shapes.ts';
import { mayNameSecret, secretKindOf } from './secret-names.ts';
import type { TextRange } from './secret-value.ts';
import { secretAfter, secretOfOption } from './secret-value.ts';

/**
 * Replaces secrets in a text, recognised by their shape, in one pass: each run of letters, digits and `_ - .` is checked once,
 * as a key and as the name of what follows it.
 */
export function withoutSecrets(text: string): string {
  let kept = '';
  let keptTo = 0;
  let at = 0;
  let runEnd = 0;
  let seen = 0;
  const { length } = text;
  while (at < length) {
    let secret: TextRange | undefined;
    const start = at;
    // A run with several keys is cut at each of them, but its end is searched only once.
    if (at >= runEnd) {
      seen = 0;
      for (; at < length; at += 1) {
        const kind = characterKinds[text.charCodeAt(at)];
        if (kind === 0 || kind === undefined) break;
        seen |= kind;
      }
      runEnd = at;
    }
    at = runEnd;
    if (at > start) secret = secretOfRun(text, start, at, seen > lowerCase);
    else {
      secret = text.charCodeAt(at) === colon ? secretAtColon(text, at) : undefined;
      at += 1;
    }
    if (secret === undefined) continue;
    kept += text.slice(keptTo, secret.from) + REDACTED;
    keptTo = secret.to;
    at = secret.to;
  }
  return keptTo === 0 ? text : kept + text.slice(keptTo);
}

const colon = 58;
/** The kinds of characters in a run: lower-case letters and signs; and others, which nearly all keys have. */
const [lowerCase, other] = [1, 2];
const characterKinds = new Uint8Array(2 ** 16);
for (const character of 'abcdefghijklmnopqrstuvwxyz_-.~') characterKinds[character.charCodeAt(0)] = lowerCase;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') characterKinds[character.charCodeAt(0)] = other;

/** How many characters before a run are needed to see whether an escape ends there. */
const context = 16;

function secretOfRun(text: string, start: number, end: number, mayBeKey: boolean): TextRange | undefined {
  const key = mayBeKey && end - start >= shortestKey ? keyIn(text, start, end) : undefined;
  if (key !== undefined) return key;
  const ofOption = text[start] === '-' && text[start + 1] !== '-' ? secretOfOption(text, start) : undefined;
  if (ofOption !== undefined || !mayNameSecret(text, end)) return ofOption;
  const kind = secretKindOf(text, start, end);
  if (kind === undefined) return undefined;
  return secretAfter(text, end, kind, text[start] === '-');
}

function keyIn(text: string, start: number, end: number): TextRange | undefined {
  const before = Math.max(0, start - context);
  keyPattern.lastIndex = start - before;
  const found = keyPattern.exec(text.slice(before, end));
  if (found === null) return undefined;
  const to = before + found.index + found[0].length;
  if (to < end) return { from: before + found.index, to };
  // Some keys are base64, which has characters that ended the run.
  keyRest.lastIndex = to;
  return { from: before + found.index, to: keyRest.test(text) && base64Key.test(found[0]) ? keyRest.lastIndex : to };
}
const keyRest = /[A-Za-z0-9+/=_-]{0,4096}/y;

const userInfo =
  /:(?:\\{0,256}\/){2}(?:[^\s/:@"'`\\]{0,128}:([^\s/"'`\\]{1,256})(?=@)|([A-Za-z0-9_~.-]{20,256})(?=@))/y;
const telegramToken = /:(AA[A-Za-z0-9_-]{32,36})(?![A-Za-z0-9_-])/y;

/** The secret in `://user:password@` or `://token@`, and the token of a Telegram bot after its number. */
function secretAtColon(text: string, at: number): TextRange | undefined {
  const next = text[at + 1];
  const pattern = next === '/' || next === '\\' ? userInfo : next === 'A' ? telegramToken : undefined;
  if (pattern === undefined) return undefined;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const secret = found?.[1] ?? found?.[2];
  return secret === undefined ? undefined : { from: pattern.lastIndex - secret.length, to: pattern.lastIndex };
}
