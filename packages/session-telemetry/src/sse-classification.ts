import { boundedKind, FAILED_KIND } from './event-kind.ts';
import { jsonText } from './json-text.ts';
import { property, textProperty } from './property.ts';

/** Options of `logSseEvent`: one received stream event, or the reason why none came. */
export interface SseEventOptions {
  /** The event, already parsed. Its `type` is its kind unless {@link SseEventOptions.eventName} is given. */
  readonly event?:
    | {
        /** The kind of the event. */
        readonly type: string;
      }
    | undefined;
  /** The SSE field `event`. */
  readonly eventName?: string | undefined;
  /** The SSE field `data`, if it is not parsed yet or cannot be: `[DONE]`, or text that is not JSON. */
  readonly data?: string | undefined;
  /** The transport's error, if one came in place of an event. */
  readonly error?: unknown;
  /** Whether no event came in time. @defaultValue `false` */
  readonly idleTimeout?: boolean | undefined;
  /** Milliseconds that were spent waiting for this event. */
  readonly durationMillis: number;
}

/** How a wait for a stream event ended. */
export type SseOutcome =
  | { readonly kind: 'success'; readonly eventKind: string }
  | { readonly kind: 'failure'; readonly eventKind: string | undefined; readonly error: unknown };

/** The kind of an SSE message without a name. */
const unnamed = 'message';
const doneMarker = '[DONE]';
const itemDoneKind = 'response.output_item.done';

/** Tells whether a wait for a stream event succeeded or failed; `undefined` if the stream had ended. */
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
  if (eventKind === itemDoneKind && textProperty(document, 'type') === undefined) {
    const error = { message: `failed to parse ${itemDoneKind}`, code: 'parse_error' };
    return { kind: 'failure', eventKind, error };
  }
  return { kind: 'success', eventKind };
}

/** The error of a failed response: the whole document as message, and the code and type for the trace. */
function failedResponse(document: unknown): unknown {
  const error = property(property(document, 'response'), 'error');
  return { message: jsonText(document) ?? FAILED_KIND, code: property(error, 'code'), type: property(error, 'type') };
}

function kindOf(options: SseEventOptions, document: unknown): string {
  const name: unknown = options.eventName ?? textProperty(document, 'type');
  return typeof name === 'string' && name !== '' ? boundedKind(name) : unnamed;
}
