import type { EventSourceMessage, ParseError } from 'eventsource-parser';
import { createParser } from 'eventsource-parser';
import { property } from '../property.ts';
import type { SseEventOptions } from '../sse-classification.ts';
import type { StreamFailure } from './response-event.ts';
import type { ResponseStream } from './response-stream.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';
import { isWholeResponse, recordWholeResponse } from './whole-response.ts';

/** An event of a model's stream, parsed. */
export interface ResponseStreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Options for reading a stream of server-sent events. */
export interface ObserveSseOptions {
  /** Gives up when nothing arrives for so long. @defaultValue never */
  readonly idleTimeoutMillis?: number | undefined;
}

/** Where the events come from: an answer of `fetch`, or its body. */
export type SseSource = Pick<Response, 'body'> | AsyncIterable<Uint8Array | string>;

/** Characters of one event. Beyond any real one, and well below what would exhaust the process. */
const MAX_EVENT_CHARACTERS = 128 * 1024 * 1024;

/** What is told to the session about one frame; the context comes from the stream. */
type Tell = (stream: ResponseStream, options: Omit<SseEventOptions, 'durationMillis'>, waitedSince: number) => void;

/**
 * The events of a body, each told to `stream` before it is handed out. The body is read when the consumer asks for
 * more than the last piece held, and is cancelled when the consumer leaves.
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
      waitedSince,
      record: (durationMillis, context, failure) => recordFrame(session, { ...told, durationMillis }, context, failure),
    });
  let waitedSince = clock.now();
  try {
    const body = typeof source === 'function' ? await source() : source;
    // What a server answers with 200 that has no stream to send: an error or the whole answer, as one document.
    let document: string | undefined = '';
    for await (const piece of piecesOf(body, options.idleTimeoutMillis)) {
      if (document !== undefined) document = startOfDocument(document + piece);
      parser.feed(piece);
      if (overflow !== undefined) throw overflow;
      for (const message of parsed.splice(0)) {
        if (message.data.trim() === '[DONE]') {
          tell(stream, { eventName: message.event ?? 'message', data: message.data }, waitedSince);
          stream.end(clock.now(), true);
          return;
        }
        const event = parse(message.data);
        const eventName = message.event ?? typeOf(event) ?? 'message';
        if (typeof event === 'object' && event !== null) {
          tell(stream, { event: event as ResponseStreamEvent, eventName }, waitedSince);
          yield event as ResponseStreamEvent;
        } else {
          tell(stream, { eventName, data: message.data }, waitedSince);
        }
        waitedSince = clock.now();
      }
    }
    const event = document === undefined ? undefined : parse(document);
    if (event !== undefined && isWholeResponse(event)) {
      recordWholeResponse(event, stream, waitedSince);
    } else if (typeof event === 'object' && event !== null) {
      tell(stream, { event: event as ResponseStreamEvent, eventName: typeOf(event) ?? 'message' }, waitedSince);
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

/** An event that tells of a failure is one, though its frame is well-formed. */
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
  const eventKind = (eventName === 'message' ? undefined : eventName) ?? typeOf(event) ?? 'error';
  session.sseEventFailed({ eventKind, error: failure.error, durationMillis }, context);
}

/** Thrown by `observeSse` when nothing arrived in time. */
class IdleTimeout extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'SSE_IDLE_TIMEOUT';

  constructor() {
    super('idle timeout waiting for SSE');
  }
}

/** The text of a body, in the pieces that it comes in. */
async function* piecesOf(source: SseSource, idleTimeoutMillis: number | undefined): AsyncGenerator<string> {
  const body = 'body' in source ? source.body : source;
  if (body === null || body === undefined) return;
  const decoder = new TextDecoder();
  const pieces = readerOf(body);
  let complete = false;
  try {
    for (;;) {
      const next = pieces.next();
      const { done, value } = await (idleTimeoutMillis === undefined ? next : within(next, idleTimeoutMillis));
      if (done) break;
      yield typeof value === 'string' ? value : decoder.decode(value, { stream: true });
    }
    complete = true;
    // What the clients of the field deliver too: the last event of a server that ends without a blank line.
    yield `${decoder.decode()}\n\n`;
  } finally {
    // Not awaited: a connection that hangs must not hold up who leaves it.
    if (!complete) Promise.resolve(pieces.leave()).catch(() => undefined);
  }
}

/** Reads a body piece by piece, and leaves it at once, also while a piece is being waited for. */
function readerOf(body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>): {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: Uint8Array | string | undefined }>;
  leave(): unknown;
} {
  if ('getReader' in body) {
    // Its iterator would wait for the piece that does not come before it cancels.
    const reader = body.getReader();
    return { next: () => reader.read(), leave: () => reader.cancel() };
  }
  const iterator = body[Symbol.asyncIterator]();
  return { next: () => iterator.next(), leave: () => iterator.return?.() };
}

function within<T>(promise: Promise<T>, timeoutMillis: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new IdleTimeout()), timeoutMillis);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What may yet be a document, which no line of a stream begins like; of a length that errors have. */
function startOfDocument(text: string): string | undefined {
  const start = text.trimStart();
  return (start === '' || start.startsWith('{')) && start.length <= 65_536 ? start : undefined;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function typeOf(event: unknown): string | undefined {
  const type = property(event, 'type');
  return typeof type === 'string' ? type : undefined;
}
