import { warn } from './diagnostics.ts';

/** An environment, such as `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The longest time that a timer can be set for, in milliseconds. */
export const LONGEST_TIMER_MILLIS: number = 2 ** 31 - 1;

/** The text of a variable. Empty counts as not set, as OpenTelemetry's specification asks. */
export function envText(env: Env, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

/** A whole number of at least `least`; anything else is reported and counts as not set. */
export function envWholeNumber(env: Env, name: string, least: number): number | undefined {
  const text = envText(env, name);
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= LONGEST_TIMER_MILLIS) return value;
  return ignored(name, text, `a whole number from ${least} to ${LONGEST_TIMER_MILLIS}`);
}

/** `true` or `false` in any letter case; anything else is reported and counts as not set. */
export function envBoolean(env: Env, name: string): boolean | undefined {
  const text = envText(env, name);
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  return ignored(name, text, "'true' or 'false'");
}

/** One of `choices`, in any letter case; anything else is reported and counts as not set. */
export function envChoice<T extends string>(env: Env, name: string, choices: readonly T[]): T | undefined {
  const text = envText(env, name);
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text.toLowerCase());
  return choice ?? ignored(name, text, choices.map((each) => `'${each}'`).join(', '));
}

/**
 * A list `name=value,name=value` whose values are percent-encoded. One bad entry makes the whole list invalid,
 * as the specification requires; its content is never in the report.
 */
export function envPairs(env: Env, name: string): Readonly<Record<string, string>> | undefined {
  const text = envText(env, name);
  if (text === undefined) return undefined;
  const pairs: [string, string][] = [];
  for (const [index, entry] of text.split(',').entries()) {
    if (entry.trim() === '') continue;
    const pair = keyValue(entry);
    if (pair === undefined) {
      const message = `ignored, its entry number ${index + 1} is not of the form 'name=percent-encoded value'`;
      warn({ path: name, message });
      return undefined;
    }
    pairs.push(pair);
  }
  return Object.fromEntries(pairs);
}

/** Reports a variable that cannot be used. */
export function ignored(name: string, text: string, allowed: string): undefined {
  warn({ path: name, message: `ignored, found '${text.slice(0, 60)}', expected ${allowed}` });
}

function keyValue(entry: string): [string, string] | undefined {
  const at = entry.indexOf('=');
  if (at < 1) return undefined;
  try {
    const key = decodeURIComponent(entry.slice(0, at).trim());
    return key === '' || key === '__proto__' ? undefined : [key, decodeURIComponent(entry.slice(at + 1).trim())];
  } catch {
    return undefined;
  }
}
