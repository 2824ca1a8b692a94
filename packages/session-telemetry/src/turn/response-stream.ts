import { errorType, spanAttributes } from '@codex-otel/token-usage';
import type { Context } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import { reportFailure } from '../diagnostics.ts';
import { describeError } from '../error-description.ts';
import { property } from '../property.ts';
import { guard } from './guard.ts';
import { inBandError } from './in-band-error.ts';
import { PendingRequest } from './pending-request.ts';
import type { Receiving } from './receiving.ts';
import { newReceiving } from './receiving.ts';
import type { ResponseEnd, ResponseEvent, StreamFailure } from './response-event.ts';
import { UNNAMED } from './response-event.ts';
import { recordResponseEvent, setFailed } from './response-span.ts';
import { hasSameUsage, usageRecord } from './response-usage.ts';
import {
  handleResponsesAttributes,
  handleResponsesSpan,
  receivingStreamAttributes,
  receivingStreamSpan,
} from './span-definitions.ts';
import { StreamKind } from './stream-kind.ts';
import type { StreamFrame, StreamTurn } from './stream-turn.ts';

/** How a record begins whose stream ended before its time. */
const DISCONNECTED = 'stream disconnected before completion: ';

const CLOSED_EARLY = {
  error: `${DISCONNECTED}stream closed before response.completed`,
  errorType: 'stream_closed',
} as const;
const UNREADABLE = 'failed to parse ResponseCompleted';

/**
 * Turns a model's stream into spans and records, whichever way its frames come and whatever API they are of.
 *
 * Every response has a `receiving_stream` span, and below it a `handle_responses` span for each event that has a
 * name, as long as was waited for it. Deltas are counted instead, unless the turn asks for their spans. A response
 * ends once: what comes after its end, or tells it again, changes nothing but a usage that was not known. No method
 * throws.
 */
export class ResponseStream {
  readonly #turn: StreamTurn;
  readonly #kind = new StreamKind();
  readonly #body: unknown;
  readonly #request: PendingRequest;
  #current: Receiving | undefined;
  #lastWaitedSince: number;
  /** Whether nothing of a response has come yet. */
  #isFirst = true;
  /** The last end, while nothing has come after it. */
  #lastEnd: ResponseEnd | undefined;
  /** Whether responses end under another identity than they began with: then a new one is no new response. */
  #identityVaries = false;
  #closed = false;

  /**
   * @param startedAt - when the request was made, as far as is known.
   * @param request - its body, where the caller handed it over.
   */
  constructor(turn: StreamTurn, startedAt: number, request: unknown) {
    this.#turn = turn;
    this.#body = request;
    this.#request = new PendingRequest(turn, startedAt);
    this.#lastWaitedSince = startedAt;
  }

  /** A request was made by this transport. */
  requested(moment: number): void {
    if (!this.#closed) this.#request.made(moment);
  }

  /** Nothing of what comes is for this stream: somebody else receives it. */
  withdraw(): void {
    this.#request.withdraw();
    this.#closed = true;
  }

  /** A frame came. */
  frame(frame: StreamFrame): void {
    if (this.#closed) return;
    // Not by a closure: this is the path of every delta.
    try {
      this.#receive(frame);
    } catch (error) {
      reportFailure('record an event of a response', error);
    }
  }

  /** A whole answer came, which is read already. */
  answer(event: ResponseEvent, requestedAt: number, raw: unknown): void {
    guard('record a response', () => {
      this.#request.told(requestedAt);
      const now = this.#turn.clock.now();
      const receiving = this.#receivingFor(event, requestedAt);
      if (receiving === undefined) return;
      receiving.call?.whole(raw);
      const failure = event.failure ?? (event.end?.status === 'failed' ? { error: event.end.error } : undefined);
      if (failure !== undefined && !receiving.ended) {
        const eventKind = event.end === undefined ? 'error' : 'response.failed';
        const durationMillis = now - requestedAt;
        this.#turn.session.sseEventFailed({ eventKind, error: failure.error, durationMillis }, receiving.context);
      }
      this.#handle(event, receiving, requestedAt, now);
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
      // What an event has told of is not told again by what the client makes of it.
      if (receiving?.failure !== undefined) {
        if (!this.#endByReader(failedAt, false)) this.#close(receiving);
        return;
      }
      record(failedAt - waitedSince, receiving?.context ?? this.#turn.context);
      if (receiving === undefined) return;
      receiving.failure = { error };
      setFailed(receiving.span, error);
      const message = describeError({ error })?.message ?? 'unknown error';
      this.#recordUncompleted(receiving, { error: `${DISCONNECTED}${message}`, errorType: errorType(error) });
      if (this.#endByReader(failedAt, false)) return;
      this.#recordLastWait(receiving, waitedSince, failedAt);
      this.#close(receiving, failedAt);
    });
  }

  /**
   * The transport has no more.
   *
   * @param told - whether it said so (`[DONE]`).
   */
  end(waitedSince: number, told = false): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the end of a stream', () => {
      const endedAt = this.#turn.clock.now();
      if (this.#endByReader(endedAt, told)) return;
      const receiving = this.#current ?? this.#openUnanswered();
      if (receiving === undefined) return;
      if (this.#kind.isUnread && receiving.failure === undefined) {
        this.#leaveUnread(receiving);
      } else if (receiving.failure === undefined) {
        this.#recordLastWait(receiving, waitedSince, endedAt);
        this.#recordUncompleted(receiving, CLOSED_EARLY);
        receiving.failure = { error: { code: CLOSED_EARLY.errorType } };
        setFailed(receiving.span, receiving.failure.error);
        receiving.lastAt = endedAt;
      }
      this.#close(receiving, receiving.failure === undefined ? endedAt : receiving.lastAt);
    });
  }

  /**
   * The consumer wants no more, or the turn has ended or was aborted: no failure of the service.
   *
   * @param error - what ended the process in the middle of it.
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
    const own = property(raw, 'type');
    const type = typeof own === 'string' ? own : undefined;
    const error = inBandError(raw, type, frame.eventName);
    // Some servers name the kind of an event in its frame alone.
    const kind = type ?? (error === undefined && frame.eventName !== 'message' ? frame.eventName : undefined);
    let reader = this.#kind.readerOf(raw, kind);
    if (reader?.isFollowedBy?.(raw) === true) {
      this.#endByReader(waitedSince, false);
      reader = this.#kind.next();
    }
    // Read whether or not it is an error: there may be usage in it.
    const read = reader === undefined || raw === undefined ? UNNAMED : reader.read(raw, kind);
    const event: ResponseEvent = error === undefined ? read : { name: 'error', failure: error };
    if (event.end === undefined) this.#lastEnd = undefined;
    const receiving = this.#receivingFor(event, waitedSince);
    frame.record(arrivedAt - waitedSince, receiving?.context ?? this.#turn.context, event.failure);
    if (frame.unrecorded === true && event.failure !== undefined) this.#recordUncompleted(receiving, event.failure);
    this.#lastWaitedSince = waitedSince;
    if (receiving === undefined) return;
    receiving.call?.chunk(arrivedAt, raw);
    this.#handle(event, receiving, waitedSince, arrivedAt);
  }

  /** The response that an event belongs to; none of what comes after its end. */
  #receivingFor(event: ResponseEvent, waitedSince: number): Receiving | undefined {
    if (event.end !== undefined) return this.#endingFor(event.end, waitedSince);
    const current = this.#current;
    if (current !== undefined && !this.#isOfAnother(event, current)) {
      if (event.identity !== undefined) this.#identify(current, event.identity);
      return current;
    }
    // Interrupted, or failed some events ago.
    if (current !== undefined) this.#close(current);
    return this.#opens(event) ? this.#open(this.#request.at ?? waitedSince, event.identity) : undefined;
  }

  /** Whether an event belongs to a later response than the one that is being received. */
  #isOfAnother({ starts, failure, identity }: ResponseEvent, current: Receiving): boolean {
    if (starts !== true) return failure !== undefined && this.#request.at !== undefined;
    if (this.#request.at !== undefined || current.failure !== undefined) return true;
    return identity !== undefined && current.identity !== undefined && identity !== current.identity;
  }

  /** Whether an event that comes while nothing is being received begins a response. */
  #opens({ identity, starts, failure, name, aside }: ResponseEvent): boolean {
    if (identity !== undefined && this.#turn.responses.get(identity)?.ended === true) {
      // Received before: by a stream that broke off, or by another observer.
      if (this.#isFirst) this.#request.withdraw();
      this.#isFirst = false;
      return false;
    }
    if (this.#isFirst || starts === true) return true;
    return this.#request.at !== undefined && (failure !== undefined || (name !== undefined && aside !== true));
  }

  /** The response that ends: it may be one that was interrupted before its end was told, or that has ended. */
  #endingFor(end: ResponseEnd, waitedSince: number): Receiving | undefined {
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
    // Told right behind the other with the same usage: a proxy gave it another id.
    if (identity === undefined || this.#identityVaries || hasSameUsage(this.#lastEnd, end)) return undefined;
    return this.#open(waitedSince, identity);
  }

  /** The response to a request that nothing came to. */
  #openUnanswered(): Receiving | undefined {
    return this.#request.at === undefined ? undefined : this.#open(this.#request.at, undefined);
  }

  #open(startedAt: number, identity: string | undefined): Receiving {
    const { tracer, clock } = this.#turn;
    const call = this.#turn.inferenceCall(startedAt, this.#body);
    const { name, options } = call?.span ?? { name: receivingStreamSpan.name };
    const span = tracer.startSpan(name, { ...options, startTime: clock.timeOf(startedAt) }, this.#turn.context);
    const context = trace.setSpan(this.#turn.context, span);
    const receiving = newReceiving(span, context, startedAt, this.#request.answered(startedAt), call);
    if (identity !== undefined) this.#identify(receiving, identity);
    this.#current = receiving;
    this.#isFirst = false;
    return receiving;
  }

  #identify(receiving: Receiving, identity: string): void {
    if (receiving.identity !== undefined) return;
    receiving.identity = identity;
    this.#turn.responses.set(identity, receiving);
  }

  #handle(event: ResponseEvent, receiving: Receiving, waitedSince: number, arrivedAt: number): void {
    receiving.call?.event(event);
    if (event.end !== undefined) {
      this.#handleEnd(event, event.end, receiving, waitedSince, arrivedAt);
      return;
    }
    receiving.lastAt = arrivedAt;
    if (event.token === true) {
      receiving.firstTokenAt ??= arrivedAt;
      this.#turn.tokenArrived(arrivedAt);
    }
    if (event.message === true) this.#turn.messageStarted(arrivedAt);
    if (event.delta === true) receiving.deltaCount += 1;
    if (event.failure !== undefined && receiving.failure === undefined) {
      receiving.failure = event.failure;
      setFailed(receiving.span, event.failure.error);
    }
    if (event.name !== undefined && (event.delta !== true || this.#turn.deltaSpans)) {
      this.#recordSpan(event, receiving, waitedSince, arrivedAt);
    }
    if (event.item !== undefined) this.#turn.messageDone(event.item, receiving.context);
  }

  #handleEnd(event: ResponseEvent, end: ResponseEnd, receiving: Receiving, waitedSince: number, endedAt: number): void {
    const { session } = this.#turn;
    const isFirstEnd = !receiving.ended;
    // Told again; only a usage that was not told yet is news.
    if (!isFirstEnd && (receiving.usageKnown || end.usage === undefined)) return;
    this.#recordSpan(event, receiving, waitedSince, endedAt, (context) => {
      if (end.status !== 'completed') {
        // Somebody's wish is no failure.
        const error = end.error ?? `response.${end.status} event received`;
        if (end.status !== 'cancelled') this.#recordUncompleted(receiving, { error }, context);
        return;
      }
      if (end.problem !== undefined)
        session.sseEventCompletedFailed({ error: `${UNREADABLE}: ${end.problem}` }, context);
      if (end.usage !== undefined)
        session.sseEventCompleted(usageRecord(end, end.usage, receiving, this.#turn.requestedEffort), context);
    });
    this.#lastEnd = end;
    receiving.ended = true;
    receiving.usageKnown = end.usage !== undefined;
    if (end.identity !== undefined) this.#turn.responses.set(end.identity, receiving);
    this.#turn.responseEnded(end, receiving.closed);
    if (receiving.closed) return;
    const failed = end.status === 'failed';
    if (failed && receiving.failure === undefined) setFailed(receiving.span, end.error);
    this.#close(receiving, endedAt, failed || receiving.failure !== undefined);
  }

  /** The one record of a failure that a socket has. */
  #recordUncompleted(
    receiving: Receiving | undefined,
    error: StreamFailure & { readonly errorType?: string },
    context: Context = receiving?.context ?? this.#turn.context,
  ): void {
    if (receiving?.uncompleted === true) return;
    if (receiving !== undefined) receiving.uncompleted = true;
    this.#turn.session.sseEventCompletedFailed(error, context);
  }

  /** Ends a response whose end no event tells; a failed one only for its usage. */
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
    this.#handleEnd({ name: ended.status, end: ended }, ended, receiving, this.#lastWaitedSince, endedAt);
    return true;
  }

  #recordSpan(
    event: ResponseEvent,
    receiving: Receiving,
    waitedSince: number,
    endedAt: number,
    record?: (context: Context) => void,
  ): void {
    const { tracer, clock, tracedEffort, spanOptions } = this.#turn;
    const startedAt = Math.max(waitedSince, receiving.startedAt);
    const attributes = spanAttributes(handleResponsesAttributes, {
      'codex.request.reasoning_effort': tracedEffort,
      'codex.response.receive_wait_ms': endedAt - startedAt,
    });
    const startTime = clock.timeOf(startedAt);
    const span = tracer.startSpan(handleResponsesSpan.name, { attributes, startTime }, receiving.context);
    const carrier = receiving.call?.carrier(receiving.span, span) ?? span;
    recordResponseEvent(span, event, spanOptions, carrier);
    if (event.end !== undefined || event === UNNAMED) receiving.call?.record(carrier);
    record?.(trace.setSpan(receiving.context, span));
    span.end(clock.timeOf(endedAt));
  }

  /** The wait that no event ended: its span has no event to name. */
  #recordLastWait(receiving: Receiving, waitedSince: number, endedAt: number): void {
    this.#recordSpan(UNNAMED, receiving, waitedSince, endedAt);
  }

  #leaveUnread(receiving: Receiving): void {
    receiving.span.setAttributes(spanAttributes(receivingStreamAttributes, { 'codex.stream.unread': true }));
    this.#kind.tell();
  }

  #close(receiving: Receiving, endedAt: number = receiving.lastAt, failed = receiving.failure !== undefined): void {
    const { span, startedAt, firstTokenAt, deltaCount } = receiving;
    if (this.#current === receiving) this.#current = undefined;
    receiving.closed = true;
    this.#turn.timeline.samplingEnded(receiving.sampling, endedAt, failed);
    span.setAttributes(
      spanAttributes(receivingStreamAttributes, {
        'codex.stream.delta_count': deltaCount,
        'codex.stream.ttft_ms': firstTokenAt === undefined ? undefined : Math.trunc(firstTokenAt - startedAt),
      }),
    );
    const outcome = receiving.call?.close(endedAt, receiving.failure, span);
    if (outcome !== undefined) this.#turn.inferenceEnded(outcome, receiving.context);
    span.end(this.#turn.clock.timeOf(endedAt));
  }
}
