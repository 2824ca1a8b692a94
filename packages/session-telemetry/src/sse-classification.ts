import { property } from './property.ts';

/** One received stream event, or why none was received. */
export interface SseEventOptions {
  /** The event, already parsed; its `type` is the kind unless {@link SseEventOptions.eventName} says otherwise. */
  readonly event?: { readonly type: string } | undefined;
  /** The SSE field `event`. */
  readonly eventName?: string | undefined;
  /** The SSE field `data`, where it was not parsed or could not be: `[DONE]`, or what is no JSON. */
  readonly data?: string | undefined;
  /** The transport's error: no event came. */
  readonly error?: unknown;
  /** No event came in time. */
  readonly idleTimeout?: boolean | undefined;
  /** How long was waited for this event. */
  readonly durationMillis: number;
}

/** What one wait for a stream event came to. */
export type SseOutcome =
  | { readonly kind: 'success'; readonly eventKind: string }
  | { readonly kind: 'failure'; readonly eventKind: string | undefined; readonly error: unknown };

/** What an SSE message without a name is called. */
const unnamed = 'message';
const doneMarker = '[DONE]';
/** The event that says that a response failed. */
export const FAILED_KIND = 'response.failed';
const itemDoneKind = 'response.output_item.done';
/** Beyond any name that the API sends. */
const maxKindLength = 256;

/** Sorts one wait for a stream event into success and failure; nothing where the stream had ended. */
export function classifySse(options: SseEventOptions): SseOutcome | undefined {
  const { event, error } = options;
  if (error !== undefined && error !== null) return { kind: 'failure', eventKind: undefined, error };
  if (options.idleTimeout === true) {
    const timeout = { message: 'idle timeout waiting for SSE', code: 'timeout' };
    return { kind: 'failure', eventKind: undefined, error: timeout };
  }
  if (event !== undefined && event !== null) return ofDocument(kindOf(options, event), event);
  const { data } = options;
  if (typeof data !== 'string') return undefined;
  if (data.trim() === doneMarker) return { kind: 'success', eventKind: kindOf(options, undefined) };
  try {
    const document: unknown = JSON.parse(data);
    return ofDocument(kindOf(options, document), document);
  } catch (unreadable) {
    return { kind: 'failure', eventKind: kindOf(options, undefined), error: unreadable };
  }
}

function ofDocument(eventKind: string, document: unknown): SseOutcome {
  if (eventKind === FAILED_KIND) return { kind: 'failure', eventKind, error: failedResponse(document) };
  if (eventKind === itemDoneKind && typeof property(document, 'type') !== 'string') {
    const error = { message: `failed to parse ${itemDoneKind}`, code: 'parse_error' };
    return { kind: 'failure', eventKind, error };
  }
  return { kind: 'success', eventKind };
}

/** The whole document is the message; the error's code stays at hand for the trace. */
function failedResponse(document: unknown): unknown {
  const error = property(property(document, 'response'), 'error');
  let message: string;
  try {
    message = JSON.stringify(document);
  } catch {
    message = FAILED_KIND;
  }
  return { message, code: property(error, 'code'), type: property(error, 'type') };
}

function kindOf(options: SseEventOptions, document: unknown): string {
  const name = options.eventName ?? property(document, 'type');
  if (typeof name !== 'string' || name === '') return unnamed;
  return name.length > maxKindLength ? name.slice(0, maxKindLength) : name;
}
