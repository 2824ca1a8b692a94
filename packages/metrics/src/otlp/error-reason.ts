import { isNativeError } from 'node:util/types';

/** Longer than any message of Node's own. */
const REASON_LENGTH = 300;

/** One line on what went wrong with a connection. */
export function errorReason(error: unknown): string {
  if (!isNativeError(error)) return oneLine(String(error));
  // Attempts at several addresses fail together, and the error for all of them says nothing.
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return errorReason(error.errors[0]);
  }
  const { code } = error as NodeJS.ErrnoException;
  const message = oneLine(error.message || error.name);
  return typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
}

/** A text from outside, fit for a line of a log: no control characters, bounded, none of the secrets. */
export function oneLine(text: string, secrets: readonly string[] = []): string {
  let line = text.slice(0, REASON_LENGTH * 4);
  for (const secret of secrets) {
    for (const part of [secret, ...secret.split(/\s+/)]) {
      if (part.length >= 6) line = line.replaceAll(part, '***');
    }
  }
  return line
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, REASON_LENGTH);
}

/** What may be said of a foreign error: its text is content, and may quote an item. */
export function errorName(error: unknown): string {
  return isNativeError(error) && typeof error.name === 'string' ? oneLine(error.name) : typeof error;
}
