import { isNativeError } from 'node:util/types';
import { oneLine } from './one-line.ts';

/** What may be said of a foreign error: its text is content, and may quote an item. */
export function errorName(error: unknown): string {
  return isNativeError(error) && typeof error.name === 'string' ? oneLine(error.name) : typeof error;
}
