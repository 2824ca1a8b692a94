import type { Context } from '@opentelemetry/api';
import { property } from '../property.ts';
import { observeStream } from './observed-stream.ts';
import type { StreamFailure } from './response-event.ts';
import type { ResponseStream } from './response-stream.ts';
import { recordFrame } from './sse-events.ts';
import type { StreamFrame } from './stream-turn.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';

/** Makes a stream of parsed events report to `stream` what its consumer receives, and returns it. */
export function observeEvents<S extends object>(
  source: S,
  stream: ResponseStream,
  session: TurnSession,
  clock: TurnClock,
): S {
  // The openai package ends a stream that its own controller aborted as if it were complete.
  const aborted = (): boolean => property(property(property(source, 'controller'), 'signal'), 'aborted') === true;
  // One for all events, since there are thousands.
  const record: StreamFrame['record'] = (durationMillis, context, failure, event, type) =>
    recordEvent(session, event, type, durationMillis, context, failure);
  return observeStream(source, {
    now: () => clock.now(),
    value: (event, waitedSince) => stream.frame({ event, waitedSince, record }),
    error: (error, waitedSince) =>
      stream.fail(error, waitedSince, (durationMillis, context) =>
        session.logSseEvent({ error, durationMillis }, context),
      ),
    done: (waitedSince) => (aborted() ? stream.abandon() : stream.end(waitedSince)),
    left: () => stream.abandon(),
  });
}

/** Parsed events have lost their frames. They are recorded as if they still had them. */
function recordEvent(
  session: TurnSession,
  event: unknown,
  type: string | undefined,
  durationMillis: number,
  context: Context,
  failure: StreamFailure | undefined,
): void {
  if (type !== undefined) {
    recordFrame(session, { event: event as { readonly type: string }, durationMillis }, context, failure);
  } else if (typeof event === 'object' && event !== null) {
    recordFrame(session, { eventName: 'message', data: '{}', durationMillis }, context, failure);
  } else {
    session.sseEventFailed({ eventKind: 'message', error: 'stream event is not an object', durationMillis }, context);
  }
}
