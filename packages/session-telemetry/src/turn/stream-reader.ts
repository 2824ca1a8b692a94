import type { ResponseEnd, ResponseEvent } from './response-event.ts';

/** Reads the events of one stream, response by response. Its methods do not throw. */
export interface StreamReader {
  /** @param type - The event's `type`, if it has one. */
  read(event: unknown, type: string | undefined): ResponseEvent;
  /** Whether `event` begins another response, for formats that do not report the end of one. */
  isFollowedBy?(event: unknown): boolean;
  /**
   * How the response ended, for formats without an event for the end; `undefined` if it has not ended.
   *
   * @param told - Whether the transport reported its end (`[DONE]`).
   */
  end?(told: boolean): ResponseEnd | undefined;
}

/** A format of a model's answers: that of an API, or of a client library. */
export interface StreamFormat {
  /** Whether a stream with this event has this format. */
  accepts(event: unknown, type: string | undefined): boolean;
  open(): StreamReader;
  /** Reads an answer that was not streamed; `undefined` if it has another format. */
  whole(answer: unknown): readonly ResponseEvent[] | undefined;
}
