import { property } from '../property.ts';
import { classifyWebsocketFrame } from '../websocket-frame.ts';
import { guard } from './guard.ts';
import type { ResponseStream } from './response-stream.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';

/**
 * Observes what a WebSocket delivers during a turn.
 *
 * ```ts
 * const observer = turn.observeWebsocket();
 * socket.on('message', observer.message);
 * socket.on('error', observer.close);
 * socket.on('close', observer.close);
 * observer.request();
 * socket.send(request);
 * ```
 */
export interface WebsocketObserver {
  /**
   * Takes a message: the arguments of a listener of `ws`, or an event of the platform's `WebSocket`. Binary messages (a Blob
   * or an ArrayBuffer of the platform's) are counted but not read. If they hold text, pass the text instead.
   */
  readonly message: (data: unknown, isBinary?: boolean) => void;
  /**
   * Call it when a request is sent, now or at a moment of the turn's clock. Without this call the wait for every response but
   * the first counts from the message before it, including the time that tools took in between.
   */
  readonly request: (requestedAt?: number) => void;
  /**
   * Call it when the socket closes or fails, with the arguments of the `close` or `error` listener, or with an error. Not
   * needed for a socket that stays open.
   */
  readonly close: (reason?: unknown) => void;
}

/** Makes an observer that reports to `stream`. The wait begins now, and again after each message. */
export function observeMessages(stream: ResponseStream, session: TurnSession, clock: TurnClock): WebsocketObserver {
  let waitedSince = clock.now();
  return {
    message: (data, isBinary) =>
      guard('observe a WebSocket message', () => {
        const outcome = classifyWebsocketFrame({ data, isBinary, durationMillis: 0 });
        if (outcome === undefined) return;
        const event = outcome.document;
        stream.frame({
          event,
          waitedSince,
          unrecorded: true,
          record: (durationMillis, context) => {
            const frame = event === undefined ? { data, isBinary } : { event };
            session.recordWebsocketEvent({ ...frame, durationMillis }, context);
          },
        });
        waitedSince = clock.now();
      }),
    request: (requestedAt) =>
      guard('observe a request over a WebSocket', () => {
        waitedSince = typeof requestedAt === 'number' ? requestedAt : clock.now();
        stream.requested(waitedSince);
      }),
    close: (reason) =>
      guard('observe the end of a WebSocket', () => {
        const error = errorOf(reason);
        if (error === undefined) stream.end(waitedSince);
        else {
          stream.fail(error, waitedSince, (durationMillis, context) =>
            session.recordWebsocketEvent({ error, durationMillis }, context),
          );
        }
      }),
  };
}

/** The error in the arguments of a `close` or `error` listener; `undefined` for a status code or a close event. */
function errorOf(reason: unknown): unknown {
  if (typeof reason === 'number' || reason === null) return undefined;
  const type = property(reason, 'type');
  if (type === 'close') return undefined;
  return type === 'error' ? (property(reason, 'error') ?? reason) : reason;
}
