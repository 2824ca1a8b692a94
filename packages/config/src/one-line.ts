import { isNativeError } from 'node:util/types';

/** Longer than any message of Node's own. */
const LONGEST = 300;

/** A text without control characters, line breaks and lone surrogates: each run of them becomes a space. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
}

/**
 * A text from outside as part of a line in a log: at most 300 characters, without control characters and line breaks.
 *
 * @internal
 */
export function oneLine(text: string): string {
  // Cut first, so that a huge text costs little.
  return withoutControls(text.slice(0, LONGEST * 4))
    .trim()
    .slice(0, LONGEST);
}

/**
 * The name of a foreign error, or its type if it is not an error. Its message may quote content and is not shown.
 *
 * @internal
 */
export function errorName(error: unknown): string {
  return isNativeError(error) && typeof error.name === 'string' ? oneLine(error.name) : typeof error;
}

/**
 * One line on why a file, a module or a connection failed: the error's message, and its code if the message does not
 * name it.
 *
 * @internal
 */
export function errorReason(error: unknown): string {
  if (!isNativeError(error)) return oneLine(String(error));
  // If connecting to several addresses fails, the error that combines the attempts has no message of its own.
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return errorReason(error.errors[0]);
  }
  const { code } = error as NodeJS.ErrnoException;
  const message = oneLine(error.message || error.name);
  return typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
}
