import { spanAttributes } from '@codex-otel/token-usage';
import type { Context, Span } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import type { InferenceCall } from './gen-ai/inference-call.ts';
import type { ResponseEnd, ResponseEvent, StreamFailure } from './response-event.ts';
import { UNNAMED } from './response-event.ts';
import { recordResponseEvent, setFailed } from './response-span.ts';
import { usageRecord } from './response-usage.ts';
import {
  handleResponsesAttributes,
  handleResponsesSpan,
  receivingStreamAttributes,
  receivingStreamSpan,
} from './span-definitions.ts';
import type { StreamTurn } from './stream-turn.ts';
import type { Sampling } from './turn-timeline.ts';

/**
 * A response that is being received or was: its `receiving_stream` span, the `handle_responses` spans below it, and the
 * records of its end. Which events belong to it is decided by `ResponseStream`.
 */
export class ReceivedResponse {
  readonly span: Span;
  readonly context: Context;
  /** The same response in the terms of the GenAI conventions, if they are followed. */
  readonly call: InferenceCall | undefined;
  readonly #turn: StreamTurn;
  readonly #startedAt: number;
  /** The request that it answers. */
  readonly #sampling: Sampling;
  #firstTokenAt: number | undefined;
  #deltaCount = 0;
  /** Whether it is recorded that it will not be completed, which happens once. */
  #uncompleted = false;
  #usageKnown = false;
  #failure: StreamFailure | undefined;
  #ended = false;
  #closed = false;
  /** When its last event came. */
  #lastAt: number;
  /** What distinguishes it from other responses; `undefined` until known. */
  identity: string | undefined;

  /**
   * @param startedAt - When the request was made, as far as is known.
   * @param request - The body of the request, if the caller passed it.
   */
  constructor(turn: StreamTurn, startedAt: number, request: unknown, sampling: Sampling) {
    this.#turn = turn;
    this.#startedAt = startedAt;
    this.#sampling = sampling;
    this.#lastAt = startedAt;
    this.call = turn.inferenceCall(startedAt, request);
    const { name, options } = this.call?.span ?? { name: receivingStreamSpan.name };
    this.span = turn.tracer.startSpan(name, { ...options, startTime: turn.clock.timeOf(startedAt) }, turn.context);
    this.context = trace.setSpan(turn.context, this.span);
  }

  /** What an event or the transport said about its failure. */
  get failure(): StreamFailure | undefined {
    return this.#failure;
  }

  /** Whether an event, or the reader of its stream, said how it ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether its span has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Records an event that does not end it. */
  event(event: ResponseEvent, waitedSince: number, arrivedAt: number): void {
    this.call?.event(event);
    this.#lastAt = arrivedAt;
    if (event.token === true) {
      this.#firstTokenAt ??= arrivedAt;
      this.#turn.tokenArrived(arrivedAt);
    }
    if (event.message === true) this.#turn.messageStarted(arrivedAt);
    if (event.delta === true) {
      this.#deltaCount += 1;
      // A piece of a text or of an argument reports no failure and is no item.
      if (!this.#turn.deltaSpans) return;
    }
    if (event.failure !== undefined && this.#failure === undefined) this.fail(event.failure);
    if (event.name !== undefined) this.#recordSpan(event, waitedSince, arrivedAt);
    if (event.item !== undefined) this.#turn.messageDone(event.item, this.context);
  }

  /** Records its end. @returns whether that was news: of an end that is reported again, only a usage not yet known is */
  end(end: ResponseEnd, waitedSince: number, endedAt: number): boolean {
    const event: ResponseEvent = { name: end.status, end };
    this.call?.event(event);
    if (this.#ended && (this.#usageKnown || end.usage === undefined)) return false;
    this.#recordSpan(event, waitedSince, endedAt, (context) => this.#recordEnd(end, context));
    this.#ended = true;
    this.#usageKnown = end.usage !== undefined;
    return true;
  }

  /** Marks it as failed. */
  fail(failure: StreamFailure): void {
    this.#failure = failure;
    setFailed(this.span, failure.error);
  }

  /** Records, once, that it will not be completed. */
  uncompleted(error: StreamFailure & { readonly errorType?: string }, context: Context = this.context): void {
    if (this.#uncompleted) return;
    this.#uncompleted = true;
    this.#turn.session.sseEventCompletedFailed(error, context);
  }

  /** Records the wait that no event ended. */
  lastWait(waitedSince: number, endedAt: number): void {
    this.#recordSpan(UNNAMED, waitedSince, endedAt);
  }

  /** Marks its span: nothing could read its events. */
  unread(): void {
    this.span.setAttributes(spanAttributes(receivingStreamAttributes, { 'codex.stream.unread': true }));
  }

  /** Ends its span, once: two observers may receive its end. */
  close(endedAt: number = this.#lastAt): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#turn.timeline.samplingEnded(this.#sampling, endedAt, this.#failure !== undefined);
    this.span.setAttributes(
      spanAttributes(receivingStreamAttributes, {
        'codex.stream.delta_count': this.#deltaCount,
        'codex.stream.ttft_ms': this.#ttftMillis,
      }),
    );
    const outcome = this.call?.close(endedAt, this.#failure, this.span);
    if (outcome !== undefined) this.#turn.inferenceEnded(outcome, this.context);
    this.span.end(this.#turn.clock.timeOf(endedAt));
  }

  get #ttftMillis(): number | undefined {
    return this.#firstTokenAt === undefined ? undefined : Math.trunc(this.#firstTokenAt - this.#startedAt);
  }

  #recordEnd(end: ResponseEnd, context: Context): void {
    const { session, requestedEffort } = this.#turn;
    if (end.status !== 'completed') {
      // A cancellation was requested, so it is not a failure.
      const error = end.error ?? `response.${end.status} event received`;
      if (end.status !== 'cancelled') this.uncompleted({ error }, context);
      return;
    }
    if (end.problem !== undefined) {
      session.sseEventCompletedFailed({ error: `failed to parse ResponseCompleted: ${end.problem}` }, context);
    }
    if (end.usage !== undefined) {
      session.sseEventCompleted(usageRecord(end, end.usage, this.#ttftMillis, requestedEffort), context);
    }
  }

  #recordSpan(event: ResponseEvent, waitedSince: number, endedAt: number, record?: (context: Context) => void): void {
    const { tracer, clock, tracedEffort, conversationId } = this.#turn;
    const startedAt = Math.max(waitedSince, this.#startedAt);
    const attributes = spanAttributes(handleResponsesAttributes, {
      'codex.request.reasoning_effort': tracedEffort,
      'codex.response.receive_wait_ms': endedAt - startedAt,
    });
    const startTime = clock.timeOf(startedAt);
    const span = tracer.startSpan(handleResponsesSpan.name, { attributes, startTime }, this.context);
    const carrier = this.call?.carrier(this.span, span) ?? span;
    recordResponseEvent(span, event, conversationId, carrier);
    if (event.end !== undefined || event === UNNAMED) this.call?.record(carrier);
    record?.(trace.setSpan(this.context, span));
    span.end(clock.timeOf(endedAt));
  }
}
