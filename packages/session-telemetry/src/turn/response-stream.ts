import { errorType } from '@codex-otel/token-usage';
import type { Context } from '@opentelemetry/api';
import { reportFailure } from '../diagnostics.ts';
import { describeError } from '../error-description.ts';
import { textProperty } from '../property.ts';
import { guard } from './guard.ts';
import { inBandError } from './in-band-error.ts';
import { PendingRequest } from './pending-request.ts';
import { ReceivedResponse } from './received-response.ts';
import type { ResponseEnd, ResponseEvent } from './response-event.ts';
import { UNNAMED } from './response-event.ts';
import { setFailed } from './response-span.ts';
import { hasSameUsage } from './response-usage.ts';
import { StreamKind } from './stream-kind.ts';
import type { StreamFrame, StreamTurn } from './stream-turn.ts';

/** The message of a record begins with this if the stream ended too early. */
const DISCONNECTED = 'stream disconnected before completion: ';

const CLOSED_EARLY = {
  error: `${DISCONNECTED}stream closed before response.completed`,
  errorType: 'stream_closed',
} as const;

/**
 * Turns a model's stream into spans and records, whatever its transport and its API.
 *
 * Every response has a `receiving_stream` span, and below it a `handle_responses` span for each named event, which lasts
 * as long as the wait for the event. Deltas are only counted, unless the turn asks for their spans. A response ends once:
 * events after its end, or a repeated end, change nothing, except for a usage that was not known yet. No method throws.
 */
export class ResponseStream {
  readonly #turn: StreamTurn;
  readonly #kind = new StreamKind();
  readonly #body: unknown;
  readonly #request: PendingRequest;
  #current: ReceivedResponse | undefined;
  #lastWaitedSince: number;
  /** Whether no part of a response has come yet. */
  #isFirst = true;
  /** The last end, until anything else comes. */
  #lastEnd: ResponseEnd | undefined;
  /**
   * Whether responses end with another identity than they began with. Then a new identity does not mean a new response.
   */
  #identityVaries = false;
  #closed = false;

  /**
   * @param startedAt - When the request was made, as far as is known.
   * @param request - The body of the request, if the caller passed it.
   */
  constructor(turn: StreamTurn, startedAt: number, request: unknown) {
    this.#turn = turn;
    this.#body = request;
    this.#request = new PendingRequest(turn, startedAt);
    this.#lastWaitedSince = startedAt;
  }

  /** The transport made a request. */
  requested(moment: number): void {
    if (!this.#closed) this.#request.made(moment);
  }

  /** Takes its request back, since another observer receives what comes. */
  withdraw(): void {
    this.#request.withdraw();
  }

  /** A frame came. */
  frame(frame: StreamFrame): void {
    if (this.#closed) return;
    // Without a closure, since every delta comes this way.
    try {
      this.#receive(frame);
    } catch (error) {
      reportFailure('record an event of a response', error);
    }
  }

  /** A whole answer came; `event` is what a reader made of it. */
  answer(event: ResponseEvent, requestedAt: number, raw: unknown): void {
    guard('record a response', () => {
      this.#request.told(requestedAt);
      const now = this.#turn.clock.now();
      const receiving = this.#responseOf(event, requestedAt);
      if (receiving === undefined) return;
      receiving.call?.whole(raw);
      const failure = event.failure ?? (event.end?.status === 'failed' ? { error: event.end.error } : undefined);
      if (failure !== undefined && !receiving.ended) {
        const eventKind = event.end === undefined ? 'error' : 'response.failed';
        const durationMillis = now - requestedAt;
        this.#turn.session.sseEventFailed({ eventKind, error: failure.error, durationMillis }, receiving.context);
      }
      this.#handle(event, receiving, requestedAt, now);
      // Nothing follows a whole answer. If its turn has ended, nobody else closes what it opened.
      if (event.end === undefined) this.#close(receiving);
    });
  }

  /** The transport failed, or no event came in time. */
  fail(error: unknown, waitedSince: number, record: (durationMillis: number, context: Context) => void): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the failure of a stream', () => {
      const failedAt = this.#turn.clock.now();
      const receiving = this.#current ?? this.#openUnanswered();
      // An event reported the failure already; what the client throws is the same one.
      if (receiving?.failure !== undefined) {
        if (!this.#endByReader(failedAt, false)) this.#close(receiving);
        return;
      }
      record(failedAt - waitedSince, receiving?.context ?? this.#turn.context);
      if (receiving === undefined) return;
      receiving.fail({ error });
      const message = describeError({ error })?.message ?? 'unknown error';
      receiving.uncompleted({ error: `${DISCONNECTED}${message}`, errorType: errorType(error) });
      if (this.#endByReader(failedAt, false)) return;
      receiving.lastWait(waitedSince, failedAt);
      this.#close(receiving, failedAt);
    });
  }

  /**
   * The transport has no more events.
   *
   * @param told - Whether it said so (`[DONE]`).
   */
  end(waitedSince: number, told = false): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the end of a stream', () => {
      const endedAt = this.#turn.clock.now();
      if (this.#endByReader(endedAt, told)) return;
      const receiving = this.#current ?? this.#openUnanswered();
      if (receiving === undefined) return;
      if (receiving.failure !== undefined) {
        this.#close(receiving);
        return;
      }
      if (this.#kind.isUnread) this.#leaveUnread(receiving);
      else {
        receiving.lastWait(waitedSince, endedAt);
        receiving.uncompleted(CLOSED_EARLY);
        receiving.fail({ error: { code: CLOSED_EARLY.errorType } });
      }
      this.#close(receiving, endedAt);
    });
  }

  /**
   * The consumer left, or the turn ended or was aborted: no failure of the service.
   *
   * @param error - The error that ended the process, if one did.
   */
  abandon(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the end of a stream', () => {
      const endedAt = this.#turn.clock.now();
      this.#request.abandon(endedAt);
      if (this.#endByReader(endedAt, false) || this.#current === undefined) return;
      if (error !== undefined) setFailed(this.#current.span, error);
      if (this.#kind.isUnread && this.#current.failure === undefined) this.#leaveUnread(this.#current);
      this.#close(this.#current, endedAt);
    });
  }

  #receive(frame: StreamFrame): void {
    const { event: raw, waitedSince } = frame;
    const arrivedAt = this.#turn.clock.now();
    const type = textProperty(raw, 'type');
    const error = inBandError(raw ?? frame.text, type, frame.eventName);
    // Some servers name the kind of an event only in its frame.
    const kind = type ?? (error === undefined && frame.eventName !== 'message' ? frame.eventName : undefined);
    let reader = this.#kind.readerOf(raw, kind);
    if (reader?.isFollowedBy?.(raw) === true) {
      this.#endByReader(waitedSince, false);
      reader = this.#kind.next();
    }
    // An error is read too, since it may carry usage.
    const read = reader === undefined || raw === undefined ? UNNAMED : reader.read(raw, kind);
    const event: ResponseEvent = error === undefined ? read : { name: 'error', failure: error };
    if (event.end === undefined) this.#lastEnd = undefined;
    const receiving = this.#responseOf(event, waitedSince);
    frame.record(arrivedAt - waitedSince, receiving?.context ?? this.#turn.context, event.failure, raw, type);
    if (frame.unrecorded === true && event.failure !== undefined) {
      if (receiving === undefined) this.#turn.session.sseEventCompletedFailed(event.failure, this.#turn.context);
      else receiving.uncompleted(event.failure);
    }
    this.#lastWaitedSince = waitedSince;
    if (receiving === undefined) return;
    receiving.call?.chunk(arrivedAt, raw);
    this.#handle(event, receiving, waitedSince, arrivedAt);
  }

  /** The response that an event belongs to; `undefined` for events after the end of one. */
  #responseOf(event: ResponseEvent, waitedSince: number): ReceivedResponse | undefined {
    const current = this.#current;
    // Nearly every event: a piece of a text says nothing about which response it belongs to.
    if (current !== undefined && event.delta === true && event.starts !== true) return current;
    if (event.end !== undefined) return this.#endingFor(event.end, waitedSince);
    if (current !== undefined && !this.#isOfAnother(event, current)) {
      this.#identify(current, event.identity);
      return current;
    }
    // The current one was interrupted, or failed some events ago.
    if (current !== undefined) this.#close(current);
    return this.#opens(event) ? this.#open(this.#request.at ?? waitedSince, event.identity) : undefined;
  }

  /** Whether an event belongs to a later response than the current one. */
  #isOfAnother({ starts, failure, identity }: ResponseEvent, current: ReceivedResponse): boolean {
    if (starts !== true) return failure !== undefined && this.#request.at !== undefined;
    if (this.#request.at !== undefined || current.failure !== undefined) return true;
    return identity !== undefined && current.identity !== undefined && identity !== current.identity;
  }

  /** Whether an event begins a response, while no other is being received. */
  #opens({ identity, starts, name, aside }: ResponseEvent): boolean {
    if (identity !== undefined && this.#turn.responses.get(identity)?.ended === true) {
      // It was received before, by a stream that broke off or by another observer.
      if (this.#isFirst) this.#request.withdraw();
      this.#isFirst = false;
      return false;
    }
    if (this.#isFirst || starts === true) return true;
    return this.#request.at !== undefined && name !== undefined && aside !== true;
  }

  /** The response that an end belongs to, which may have been interrupted before, or have ended already. */
  #endingFor(end: ResponseEnd, waitedSince: number): ReceivedResponse | undefined {
    const { identity } = end;
    const current = this.#current;
    const known = identity === undefined ? undefined : this.#turn.responses.get(identity);
    if (known?.ended === true) {
      if (current !== undefined && current.identity === identity) this.#close(current);
      if (this.#isFirst) this.#request.withdraw();
      this.#isFirst = false;
      return known;
    }
    const isOther = identity !== undefined && current?.identity !== undefined && current.identity !== identity;
    if (known !== undefined && (current === undefined || isOther)) return known;
    if (current !== undefined) {
      if (!isOther) return current;
      if (current.failure === undefined) {
        this.#identityVaries = true;
        return current;
      }
      this.#close(current);
    }
    if (this.#isFirst || this.#request.at !== undefined) return this.#open(this.#request.at ?? waitedSince, identity);
    // A repeated end, right after the first and with the same usage, to which a proxy gave another id.
    if (identity === undefined || this.#identityVaries || hasSameUsage(this.#lastEnd, end)) return undefined;
    return this.#open(waitedSince, identity);
  }

  /** A response for a request without an answer. */
  #openUnanswered(): ReceivedResponse | undefined {
    return this.#request.at === undefined ? undefined : this.#open(this.#request.at, undefined);
  }

  #open(startedAt: number, identity: string | undefined): ReceivedResponse {
    const sampling = this.#request.answered(startedAt);
    const receiving = new ReceivedResponse(this.#turn, startedAt, this.#body, sampling);
    this.#identify(receiving, identity);
    this.#current = receiving;
    this.#isFirst = false;
    return receiving;
  }

  #identify(receiving: ReceivedResponse, identity: string | undefined): void {
    if (identity === undefined || receiving.identity !== undefined) return;
    receiving.identity = identity;
    this.#turn.responses.set(identity, receiving);
  }

  #handle(event: ResponseEvent, receiving: ReceivedResponse, waitedSince: number, arrivedAt: number): void {
    if (event.end === undefined) receiving.event(event, waitedSince, arrivedAt);
    else this.#end(event.end, receiving, waitedSince, arrivedAt);
  }

  #end(end: ResponseEnd, receiving: ReceivedResponse, waitedSince: number, endedAt: number): void {
    if (!receiving.end(end, waitedSince, endedAt)) return;
    this.#lastEnd = end;
    if (end.identity !== undefined) this.#turn.responses.set(end.identity, receiving);
    this.#turn.responseEnded(end, receiving.closed);
    if (receiving.closed) return;
    if (end.status === 'failed' && receiving.failure === undefined) receiving.fail({ error: end.error });
    this.#close(receiving, endedAt);
  }

  /**
   * Ends a response whose reader knows its end without an event. A failed response is ended this way only if it has
   * usage.
   */
  #endByReader(endedAt: number, told: boolean): boolean {
    const receiving = this.#current;
    const end = receiving === undefined ? undefined : this.#kind.reader?.end?.(told);
    if (receiving === undefined || end === undefined) return false;
    const { failure } = receiving;
    if (failure !== undefined && end.usage === undefined) return false;
    if (end.identity !== undefined && this.#turn.responses.get(end.identity)?.ended === true) {
      this.#close(receiving);
      return true;
    }
    const ended: ResponseEnd = failure === undefined ? end : { ...end, status: 'failed', error: failure.error };
    this.#end(ended, receiving, this.#lastWaitedSince, endedAt);
    return true;
  }

  #leaveUnread(receiving: ReceivedResponse): void {
    receiving.unread();
    this.#kind.reportUnread();
  }

  #close(receiving: ReceivedResponse, endedAt?: number): void {
    if (this.#current === receiving) this.#current = undefined;
    receiving.close(endedAt);
  }
}
