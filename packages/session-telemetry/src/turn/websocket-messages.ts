import { property } from '../property.ts';
import { classifyWebsocketFrame } from '../websocket-frame.ts';
import { guard } from './guard.ts';
import type { ResponseStream } from './response-stream.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';

/**
 * Takes what a WebSocket delivers during a turn.
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
   * A message: what `ws` hands to its listeners, or an event of the platform's `WebSocket`. Binary ones (of the
   * platform's: a Blob or an ArrayBuffer) are counted, not read; a host that reads text out of them may hand that over.
   */
  readonly message: (data: unknown, isBinary?: boolean) => void;
  /**
   * A request is sent, now or at a moment by the turn's clock. Without this call the wait for every response but the
   * first counts from the message before it, and so holds the time that tools took in between.
   */
  readonly request: (requestedAt?: number) => void;
  /**
   * The socket closed: what `ws` or the platform hands to listeners of `close` and `error`, or an error. A socket that
   * stays open needs no such call.
   */
  readonly close: (reason?: unknown) => void;
}

/** An observer that tells `stream`. Waiting begins when it is made, and again after each message. */
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

/** The error in what listeners of `close` and `error` are called with: a status code or a close event is none. */
function errorOf(reason: unknown): unknown {
  if (typeof reason === 'number' || reason === null) return undefined;
  const type = property(reason, 'type');
  if (type === 'close') return undefined;
  return type === 'error' ? (property(reason, 'error') ?? reason) : reason;
}
