import { firstItem, property } from '../property.ts';
import type { StreamFailure } from './response-event.ts';

/**
 * The error in an event of a stream or in an answer, in any of the forms that servers use:
 *
 * - `{ "type": "error", … }` of the Responses API, of Anthropic and of the AI SDK, with the error nested or flat
 * - an event named `error`, whatever it holds
 * - `{ "error": … }` of servers that had answered with 200 already, or an error in a choice
 * - `{ "object": "error", "message": … }`, and a `message` with a `code`
 * - `{ "detail": … }` alone, as FastAPI answers
 */
export function inBandError(
  event: unknown,
  type: string | undefined,
  eventName: string | undefined,
): StreamFailure | undefined {
  // Nearly every event. The rest is a function of its own, so that this much is inlined.
  if (type !== undefined && type !== 'error' && type !== 'response.error' && eventName !== 'error') return undefined;
  return errorIn(event, type, eventName);
}

function errorIn(event: unknown, type: string | undefined, eventName: string | undefined): StreamFailure | undefined {
  if (type !== undefined) return { error: nested(event) ?? property(event, 'errorText') ?? event };
  const choices = property(event, 'choices');
  const error = nested(event) ?? nested(firstItem(event, 'choices'));
  if (error !== undefined) return { error };
  if (eventName === 'error' || (choices === undefined && isFlatError(event))) return { error: event };
  return undefined;
}

function isFlatError(event: unknown): boolean {
  if (property(event, 'object') === 'error') return true;
  if (property(event, 'detail') !== undefined) return Object.keys(Object(event)).length === 1;
  const code = property(event, 'code');
  return typeof property(event, 'message') === 'string' && code !== undefined && code !== null;
}

/** With `error: true`, the event itself is the error. */
function nested(event: unknown): unknown {
  const error = property(event, 'error');
  if (error === undefined || error === null || error === false || error === '') return undefined;
  return error === true ? event : error;
}
