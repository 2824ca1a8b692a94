import type { ResponseEnd, ResponseEvent } from './response-event.ts';

/** Reads the events of one stream, response after response. None of its members throws. */
export interface StreamReader {
  /** @param type - the event's own `type`, where it has one. */
  read(event: unknown, type: string | undefined): ResponseEvent;
  /** Whether `event` begins another response, where nothing tells of the end of one. */
  isFollowedBy?(event: unknown): boolean;
  /**
   * How the response ended of whose end no event told; `undefined` while it has not.
   *
   * @param told - whether the transport said that all has come (`[DONE]`).
   */
  end?(told: boolean): ResponseEnd | undefined;
}

/** A form in which models are called: an API, or what a client makes of one. */
export interface StreamFormat {
  /** Whether a stream that has this event is of this form. */
  accepts(event: unknown, type: string | undefined): boolean;
  open(): StreamReader;
  /** Reads an answer that was not streamed; `undefined` where it is not of this form. */
  whole(answer: unknown): readonly ResponseEvent[] | undefined;
}
