import { property } from '../property.ts';
import { guard } from './guard.ts';
import type { ResponseStream } from './response-stream.ts';

/** Tells `stream` of an answer that came in one piece. There are no frames, so none are recorded. */
export function recordWholeResponse(response: unknown, stream: ResponseStream, requestedAt: number): void {
  guard('record a response', () => {
    stream.frame({ event: endOf(response), waitedSince: requestedAt, record: () => undefined });
    stream.end(requestedAt);
  });
}

/** The event that would have ended the answer's stream. */
function endOf(response: unknown): object {
  const choices = property(response, 'choices');
  if (!Array.isArray(choices)) {
    const status = property(response, 'status');
    const ended = status === 'incomplete' || status === 'failed' ? status : 'completed';
    return { type: `response.${ended}`, response };
  }
  // Its text is no first token: it tells nothing of when the model began.
  const finished = choices.map((choice) => ({ finish_reason: property(choice, 'finish_reason') }));
  return {
    id: property(response, 'id'),
    model: property(response, 'model'),
    service_tier: property(response, 'service_tier'),
    usage: property(response, 'usage'),
    choices: finished,
  };
}
