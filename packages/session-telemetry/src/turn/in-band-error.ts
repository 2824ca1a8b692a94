import { property, textProperty } from '../property.ts';
import type { StreamFailure } from './response-event.ts';

/**
 * The error in an event of a stream or in an answer, in any of the forms that servers use:
 *
 * - `{ "type": "error", … }` of the Responses API, of Anthropic and of the AI SDK, with the error nested or flat
 * - an event named `error`, whatever it holds, even plain text
 * - `{ "error": … }` of servers that had answered with 200 already, an error in a choice, or a list of `errors`
 * - each of these in a list, as Gemini sends it
 * - `{ "object": "error", … }`, and a message with `"success": false`, with `"status": "error"` or with a code
 * - `{ "base_resp": { "status_code": …, "status_msg": … } }` of MiniMax
 * - `{ "detail": … }` alone, as FastAPI answers
 */
export function inBandError(
  event: unknown,
  type: string | undefined,
  eventName: string | undefined,
): StreamFailure | undefined {
  // Nearly every event. The rest is a function of its own, so that this much is inlined.
  if (isOther(type, eventName)) return undefined;
  return Array.isArray(event) ? errorInList(event[0], eventName) : errorIn(event, type, eventName);
}

function isOther(type: string | undefined, eventName: string | undefined): boolean {
  return type !== undefined && type !== 'error' && type !== 'response.error' && eventName !== 'error';
}

function errorInList(item: unknown, eventName: string | undefined): StreamFailure | undefined {
  const type = textProperty(item, 'type');
  // The list of another API, for instance of the messages of a graph, has other types.
  return isOther(type, eventName) ? undefined : errorIn(item, type, eventName);
}

function errorIn(event: unknown, type: string | undefined, eventName: string | undefined): StreamFailure | undefined {
  if (type !== undefined) return { error: nested(event) ?? property(event, 'errorText') ?? event };
  const choices = property(event, 'choices');
  const error = nested(event) ?? inChoices(choices);
  if (error !== undefined) return { error };
  if (eventName === 'error') return { error: event };
  return Array.isArray(choices) ? undefined : flatError(event);
}

function inChoices(choices: unknown): unknown {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices) {
    const error = nested(choice);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** `error: true` or a number says that the event itself is the error. */
function nested(event: unknown): unknown {
  const error = property(event, 'error');
  if (error === undefined || error === null || error === false || error === '' || error === 0) return undefined;
  return error === true || typeof error === 'number' ? event : error;
}

function flatError(event: unknown): StreamFailure | undefined {
  const errors = property(event, 'errors');
  if (Array.isArray(errors) && errors.length > 0) return { error: errors[0] };
  const base = property(event, 'base_resp');
  if (isErrorCode(property(base, 'status_code'))) return { error: base };
  return isFlatError(event) ? { error: event } : undefined;
}

function isFlatError(event: unknown): boolean {
  if (property(event, 'object') === 'error') return true;
  if (property(event, 'detail') !== undefined) return Object.keys(Object(event)).length === 1;
  // Without a message it may be the result of a tool, after which the answer goes on.
  if (!['message', 'msg', 'error_msg'].some((key) => textProperty(event, key) !== undefined)) return false;
  if (property(event, 'status') === 'error' || property(event, 'success') === false) return true;
  return isErrorCode(property(event, 'code') ?? property(event, 'error_code'));
}

const SUCCESS = /^(?:|0|200|20000|ok|success)$/i;

function isErrorCode(code: unknown): boolean {
  return (typeof code === 'string' || typeof code === 'number') && !SUCCESS.test(`${code}`);
}
