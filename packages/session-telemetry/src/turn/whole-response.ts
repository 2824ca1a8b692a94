import { reportWarning } from '../diagnostics.ts';
import { guard } from './guard.ts';
import { inBandError } from './in-band-error.ts';
import type { ResponseEvent } from './response-event.ts';
import type { ResponseStream } from './response-stream.ts';
import { STREAM_FORMATS } from './stream-formats.ts';

/** Reports an answer that was not streamed to `stream`. There are no frames, so none are recorded. */
export function recordWholeResponse(answer: unknown, stream: ResponseStream, requestedAt: number): void {
  guard('record a response', () => {
    const events = readWhole(answer);
    if (events === undefined) reportWarning('a response is not recorded, since it belongs to no known API');
    for (const event of events ?? []) stream.answer(event, requestedAt, answer);
    stream.abandon();
  });
}

/** Whether a value is an answer or an error of a known API. */
export function isWholeResponse(answer: unknown): boolean {
  return readWhole(answer) !== undefined;
}

function readWhole(answer: unknown): readonly ResponseEvent[] | undefined {
  for (const format of STREAM_FORMATS) {
    const events = format.whole(answer);
    if (events !== undefined) return events;
  }
  const failure = inBandError(answer, undefined, undefined);
  return failure === undefined ? undefined : [{ name: 'error', starts: true, failure }];
}
