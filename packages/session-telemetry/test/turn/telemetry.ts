import type { SessionTurn } from '../../src/turn/session-turn.ts';
import { fakeSession } from './fake-session.ts';

/**
 * What a turn left behind, without what differs from run to run (ids, times) and without the words of a transport:
 * of frames only the failed ones are compared.
 */
export async function telemetryOf(
  use: (turn: SessionTurn) => Promise<unknown>,
): Promise<{ readonly spans: readonly unknown[]; readonly calls: readonly { readonly method: string }[] }> {
  const fake = fakeSession();
  let moment = 0;
  // A clock that stands still makes every duration equal.
  const turn = fake.startTurn({ now: () => moment });
  await use(turn);
  moment += 1;
  turn.end();
  const names = new Map(fake.spans().map((span) => [span.spanContext().spanId, span.name]));
  const spans = fake.spans().map((span) => ({
    name: span.name,
    parent: names.get(span.parentSpanContext?.spanId ?? ''),
    attributes: span.attributes,
    status: span.status,
  }));
  const calls = fake.calls
    .filter(
      ({ method, options }) => method !== 'recordWebsocketEvent' && (method !== 'logSseEvent' || isFailure(options)),
    )
    .map(({ method, options: { eventName: _eventName, ...options }, spanId }) => ({
      method,
      options: { ...options, eventKind: undefined },
      span: names.get(spanId ?? ''),
    }));
  return { spans, calls };
}

function isFailure(options: Readonly<Record<string, unknown>>): boolean {
  const { event } = options as { event?: { type?: string } };
  return event === undefined || event.type === 'response.failed';
}
