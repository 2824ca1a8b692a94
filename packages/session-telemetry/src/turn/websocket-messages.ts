import { property } from '../error-description.ts';
import { classifyWebsocketFrame } from '../websocket-frame.ts';
import { guard } from './guard.ts';
import type { ResponseStream } from './response-stream.ts';
import { recordFrame } from './sse-events.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';

/**
 * Takes what a WebSocket delivers during a turn.
 *
 * ```ts
 * const observer = turn.observeWebsocket();
 * socket.on('message', observer.message);
 * socket.on('close', () => observer.close());
 * ```
 */
export interface WebsocketObserver {
  /**
   * A message: what `ws` hands to its listeners, or an event of the platform's `WebSocket`. Text in a Blob cannot be
   * read at once; set the socket's `binaryType` to `arraybuffer`.
   */
  readonly message: (data: unknown, isBinary?: boolean) => void;
  /** The socket closed, with an error where it failed. A socket that stays open needs no such call. */
  readonly close: (error?: unknown) => void;
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
          record: (durationMillis, context) => {
            const frame = event === undefined ? { data, isBinary } : { event };
            session.recordWebsocketEvent({ ...frame, durationMillis }, context);
            // Sockets have no records of their frames; a failure must not go without one.
            const type = property(event, 'type');
            if (type === 'response.failed' || type === 'error') {
              recordFrame(session, { event: event as { readonly type: string }, durationMillis }, context);
            }
          },
        });
        waitedSince = clock.now();
      }),
    close: (error) =>
      guard('observe the end of a WebSocket', () => {
        if (error === undefined || error === null) stream.end(waitedSince);
        else {
          stream.fail(error, waitedSince, (durationMillis, context) =>
            session.recordWebsocketEvent({ error, durationMillis }, context),
          );
        }
      }),
  };
}
