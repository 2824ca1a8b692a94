import type { EventSourceMessage, ParseError } from 'eventsource-parser';
import { createParser } from 'eventsource-parser';
import { textProperty } from '../property.ts';
import type { SseEventOptions } from '../sse-classification.ts';
import { JsonDocument } from './json-document.ts';
import type { StreamFailure } from './response-event.ts';
import type { ResponseStream } from './response-stream.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';
import { isWholeResponse, recordWholeResponse } from './whole-response.ts';

/** An event of a model's stream, parsed. */
export interface ResponseStreamEvent {
  /** The kind of the event; absent in the chunks of Chat Completions. */
  readonly type: string;
  /** The other fields, which depend on the kind and the API. */
  readonly [key: string]: unknown;
}

/** Options for reading a stream of server-sent events. */
export interface ObserveSseOptions {
  /** Milliseconds without any data after which the stream fails with a `TimeoutError`. @defaultValue never */
  readonly idleTimeoutMillis?: number | undefined;
}

/** Where the events come from: a response of `fetch`, or its body. */
export type SseSource = Pick<Response, 'body'> | AsyncIterable<Uint8Array | string>;

/** The longest event in characters: longer than any real one, and too short to exhaust the memory. */
const MAX_EVENT_CHARACTERS = 128 * 1024 * 1024;

/** Passes a frame on to a stream. */
type Tell = (stream: ResponseStream, options: Omit<SseEventOptions, 'durationMillis'>, waitedSince: number) => void;

/**
 * The events of a body. Each is reported to `stream` before it is returned. The body is read only when the consumer asks for
 * more events, and is cancelled when the consumer leaves.
 */
export async function* readSseEvents(
  source: SseSource | (() => SseSource | PromiseLike<SseSource>),
  stream: ResponseStream,
  session: TurnSession,
  clock: TurnClock,
  options: ObserveSseOptions,
): AsyncGenerator<ResponseStreamEvent, void, undefined> {
  const parsed: EventSourceMessage[] = [];
  let overflow: ParseError | undefined;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: (message) => parsed.push(message),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') overflow = error;
    },
  });
  const tell: Tell = (to, told, waitedSince) =>
    to.frame({
      event: told.event,
      eventName: told.eventName,
      text: told.data,
      waitedSince,
      record: (durationMillis, context, failure) => recordFrame(session, { ...told, durationMillis }, context, failure),
    });
  let waitedSince = clock.now();
  try {
    const body = typeof source === 'function' ? await source() : source;
    const document = new JsonDocument();
    for await (const piece of piecesOf(body, options.idleTimeoutMillis)) {
      document.add(piece);
      parser.feed(piece);
      if (overflow !== undefined) throw overflow;
      for (const message of parsed.splice(0)) {
        if (message.data.trim() === '[DONE]') {
          tell(stream, { eventName: message.event ?? 'message', data: message.data }, waitedSince);
          stream.end(clock.now(), true);
          return;
        }
        const event = parse(message.data);
        const eventName = message.event ?? textProperty(event, 'type') ?? 'message';
        if (typeof event === 'object' && event !== null) {
          tell(stream, { event: event as ResponseStreamEvent, eventName }, waitedSince);
          yield event as ResponseStreamEvent;
        } else {
          tell(stream, { eventName, data: message.data }, waitedSince);
        }
        waitedSince = clock.now();
      }
    }
    const event = parse(document.text);
    if (event !== undefined && isWholeResponse(event)) {
      recordWholeResponse(event, stream, waitedSince);
    } else if (typeof event === 'object' && event !== null && !Array.isArray(event)) {
      tell(
        stream,
        { event: event as ResponseStreamEvent, eventName: textProperty(event, 'type') ?? 'message' },
        waitedSince,
      );
    }
    stream.end(waitedSince);
  } catch (error) {
    const idleTimeout = error instanceof IdleTimeout;
    stream.fail(error, waitedSince, (durationMillis, context) =>
      session.logSseEvent(idleTimeout ? { idleTimeout, durationMillis } : { error, durationMillis }, context),
    );
    throw error;
  } finally {
    stream.abandon();
  }
}

/** Records a frame. An event that reports a failure counts as failed, even though its frame is well-formed. */
export function recordFrame(
  session: TurnSession,
  options: SseEventOptions,
  context: Parameters<TurnSession['logSseEvent']>[1],
  failure: StreamFailure | undefined,
): void {
  if (failure === undefined) {
    session.logSseEvent(options, context);
    return;
  }
  const { event, eventName, durationMillis } = options;
  const eventKind = (eventName === 'message' ? undefined : eventName) ?? textProperty(event, 'type') ?? 'error';
  session.sseEventFailed({ eventKind, error: failure.error, durationMillis }, context);
}

/** Thrown by `observeSse` if nothing arrived in time. */
class IdleTimeout extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'SSE_IDLE_TIMEOUT';

  constructor() {
    super('idle timeout waiting for SSE');
  }
}

/** The text of a body, in the pieces in which it arrives. */
async function* piecesOf(source: SseSource, idleTimeoutMillis: number | undefined): AsyncGenerator<string> {
  const body = 'body' in source ? source.body : source;
  if (body === null || body === undefined) return;
  const decoder = new TextDecoder();
  const pieces = readerOf(body);
  let complete = false;
  try {
    for (;;) {
      const next = pieces.next();
      const result = await (idleTimeoutMillis === undefined ? next : within(next, idleTimeoutMillis));
      // `for await` throws here too. Without this check, a broken iterator would be asked for results forever.
      if (Object(result) !== result) throw new TypeError(`the iterator of the source gave ${String(result)}`);
      const { done, value } = result;
      if (done) break;
      yield typeof value === 'string' ? value : decoder.decode(value, { stream: true });
    }
    complete = true;
    // Completes the last event of a server that does not end with a blank line, as other clients do too.
    yield `${decoder.decode()}\n\n`;
  } finally {
    // Not awaited: a connection that hangs must not delay the consumer that leaves it.
    if (!complete) new Promise((left) => left(pieces.leave())).catch(() => undefined);
  }
}

/** Reads a body piece by piece, and can leave it at once, even while it waits for a piece. */
function readerOf(body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>): {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: Uint8Array | string | undefined }>;
  leave(): unknown;
} {
  if ('getReader' in body) {
    // Its iterator would wait for the next piece before it cancels.
    const reader = body.getReader();
    return { next: () => reader.read(), leave: () => reader.cancel() };
  }
  const iterator = body[Symbol.asyncIterator]();
  return { next: () => iterator.next(), leave: () => iterator.return?.() };
}

function within<T>(promise: Promise<T>, timeoutMillis: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new IdleTimeout()), timeoutMillis);
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
