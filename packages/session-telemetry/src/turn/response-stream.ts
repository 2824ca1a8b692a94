import { spanAttributes, type TokenUsage } from '@codex-otel/token-usage';
import { type Context, type Span, type Tracer, trace } from '@opentelemetry/api';
import { reportFailure } from '../diagnostics.ts';
import { property } from '../property.ts';
import { ChatCompletion, isChatCompletionChunk } from './chat-completion.ts';
import { guard } from './guard.ts';
import { type ResponseEnd, type ResponseEvent, readResponseEvent } from './response-event.ts';
import { type ResponseSpanOptions, recordResponseEvent, setFailed } from './response-span.ts';
import {
  handleResponsesAttributes,
  handleResponsesSpan,
  receivingStreamAttributes,
  receivingStreamSpan,
} from './span-definitions.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';

/** What a stream's telemetry needs of its turn. */
export interface StreamTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  readonly clock: TurnClock;
  readonly context: Context;
  /** Whether every delta gets a span. */
  readonly deltaSpans: boolean;
  /** The effort that spans carry, which is never absent. */
  readonly tracedEffort: string;
  /** The effort that was asked for, if any was. */
  readonly requestedEffort: string | undefined;
  readonly spanOptions: ResponseSpanOptions;
  tokenArrived(moment: number): void;
  messageStarted(moment: number): void;
  /** An assistant's message is complete. */
  messageDone(item: unknown, context: Context): void;
  /** @param durationMillis - from the request, as far as is known. */
  responseEnded(end: ResponseEnd, durationMillis: number): void;
}

/** One thing that a transport delivered, told to the session in the transport's own words. */
export interface StreamFrame {
  /** The parsed event; absent where the frame holds none. */
  readonly event?: unknown;
  /** When waiting for it began. */
  readonly waitedSince: number;
  /** Records the frame itself. */
  record(durationMillis: number, context: Context): void;
}

/** A response that is being received. */
interface Receiving {
  readonly span: Span;
  readonly context: Context;
  readonly startedAt: number;
  deltaCount: number;
  firstTokenAt: number | undefined;
  /** Whether it was told that no completion will come. */
  failed: boolean;
}

const CLOSED_EARLY = { error: 'stream closed before response.completed', errorType: 'stream_closed' } as const;
const UNREADABLE = 'failed to parse ResponseCompleted';

/**
 * Turns a model's stream into spans and records, whichever way its frames come.
 *
 * Every response has a `receiving_stream` span, and below it a `handle_responses` span for each event that has a
 * name, as long as was waited for it. Deltas are counted instead, unless the turn asks for their spans. No method
 * throws.
 */
export class ResponseStream {
  readonly #turn: StreamTurn;
  /** When the request was made that no answer to has begun yet. */
  #requestedAt: number | undefined;
  #receiving: Receiving | undefined;
  #chat: ChatCompletion | undefined;
  #lastWaitedSince: number;
  #responses = 0;
  #closed = false;

  /** @param startedAt - when the request was made, as far as is known. */
  constructor(turn: StreamTurn, startedAt: number) {
    this.#turn = turn;
    this.#requestedAt = startedAt;
    this.#lastWaitedSince = startedAt;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Another request was made by the same transport. */
  requested(moment: number): void {
    this.#requestedAt = moment;
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

  /** The transport failed, or no event came in time. */
  fail(error: unknown, waitedSince: number, record: StreamFrame['record']): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the failure of a stream', () => {
      const failedAt = this.#turn.clock.now();
      const receiving = this.#receiving ?? this.#openUnanswered();
      record(failedAt - waitedSince, receiving?.context ?? this.#turn.context);
      if (receiving === undefined) return;
      this.#recordLastWait(receiving, waitedSince, failedAt);
      setFailed(receiving.span, error);
      this.#close(receiving, failedAt);
    });
  }

  /** The transport has no more. */
  end(waitedSince: number): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the end of a stream', () => {
      const endedAt = this.#turn.clock.now();
      if (this.#endChat(endedAt)) return;
      const receiving = this.#receiving ?? this.#openUnanswered();
      if (receiving === undefined) return;
      if (!receiving.failed) {
        this.#recordLastWait(receiving, waitedSince, endedAt);
        this.#turn.session.sseEventCompletedFailed(CLOSED_EARLY, receiving.context);
        setFailed(receiving.span, { code: CLOSED_EARLY.errorType });
      }
      this.#close(receiving, endedAt);
    });
  }

  /** The consumer wants no more, or the turn has ended or was aborted: no failure of the service. */
  abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    guard('record the end of a stream', () => {
      const endedAt = this.#turn.clock.now();
      if (!this.#endChat(endedAt) && this.#receiving !== undefined) this.#close(this.#receiving, endedAt);
    });
  }

  #receive(frame: StreamFrame): void {
    const { event: raw, waitedSince } = frame;
    const arrivedAt = this.#turn.clock.now();
    if (this.#chat?.isFollowedBy(raw) === true) {
      this.#endChat(waitedSince);
      this.#chat = undefined;
    }
    const event = raw === undefined ? undefined : this.#read(raw);
    const receiving = this.#receivingFor(raw, event, waitedSince);
    frame.record(arrivedAt - waitedSince, receiving?.context ?? this.#turn.context);
    this.#lastWaitedSince = waitedSince;
    if (event === undefined || receiving === undefined) return;
    this.#handle(event, receiving, waitedSince, arrivedAt);
    if (event.message === true && event.from === 'output_item_done') {
      this.#turn.messageDone(property(raw, 'item'), receiving.context);
    }
  }

  #read(event: unknown): ResponseEvent {
    if (this.#chat === undefined && !isChatCompletionChunk(event)) return readResponseEvent(event);
    this.#chat ??= new ChatCompletion();
    return this.#chat.read(event);
  }

  /** The response that a frame belongs to. What comes after the end of one opens another only if it is an event of one. */
  #receivingFor(raw: unknown, event: ResponseEvent | undefined, waitedSince: number): Receiving | undefined {
    if (this.#receiving !== undefined) return this.#receiving;
    const type = property(raw, 'type');
    const ofModel = this.#chat !== undefined || (typeof type === 'string' && type.startsWith('response.'));
    return (ofModel && event?.name !== undefined) || this.#responses === 0
      ? this.#open(this.#requestedAt ?? waitedSince)
      : undefined;
  }

  /** The response to a request that nothing came to. */
  #openUnanswered(): Receiving | undefined {
    return this.#requestedAt === undefined ? undefined : this.#open(this.#requestedAt);
  }

  #open(startedAt: number): Receiving {
    const { tracer, clock } = this.#turn;
    const span = tracer.startSpan(receivingStreamSpan.name, { startTime: clock.timeOf(startedAt) }, this.#turn.context);
    const context = trace.setSpan(this.#turn.context, span);
    this.#receiving = { span, context, startedAt, deltaCount: 0, firstTokenAt: undefined, failed: false };
    this.#requestedAt = undefined;
    this.#responses += 1;
    return this.#receiving;
  }

  #handle(event: ResponseEvent, receiving: Receiving, waitedSince: number, arrivedAt: number): void {
    if (event.token === true) {
      receiving.firstTokenAt ??= arrivedAt;
      this.#turn.tokenArrived(arrivedAt);
    }
    if (event.message === true) this.#turn.messageStarted(arrivedAt);
    if (event.delta === true) receiving.deltaCount += 1;
    if (event.error === true) receiving.failed = true;
    if (event.end !== undefined) {
      this.#handleEnd(event, event.end, receiving, waitedSince, arrivedAt);
    } else if (event.name !== undefined && (event.delta !== true || this.#turn.deltaSpans)) {
      this.#recordSpan(event, receiving, waitedSince, arrivedAt);
    }
  }

  #handleEnd(event: ResponseEvent, end: ResponseEnd, receiving: Receiving, waitedSince: number, endedAt: number): void {
    const { session } = this.#turn;
    this.#recordSpan(event, receiving, waitedSince, endedAt, (context) => {
      if (end.status !== 'completed') return;
      if (end.problem !== undefined)
        session.sseEventCompletedFailed({ error: `${UNREADABLE}: ${end.problem}` }, context);
      if (end.usage !== undefined) session.sseEventCompleted(this.#usageRecord(end, end.usage, receiving), context);
    });
    if (end.status === 'failed') setFailed(receiving.span, end.error);
    this.#turn.responseEnded(end, endedAt - receiving.startedAt);
    this.#close(receiving, endedAt);
  }

  #usageRecord(end: ResponseEnd, usage: TokenUsage, { startedAt, firstTokenAt }: Receiving) {
    return {
      inputTokenCount: usage.inputTokens,
      outputTokenCount: usage.outputTokens,
      cachedTokenCount: usage.cachedInputTokens,
      cacheWriteTokenCount: usage.cacheWriteInputTokens,
      reasoningTokenCount: usage.reasoningOutputTokens,
      toolTokenCount: usage.totalTokens,
      ttftMillis: firstTokenAt === undefined ? undefined : Math.trunc(firstTokenAt - startedAt),
      responseId: end.responseId,
      serviceTier: end.serviceTier,
      modelReasoningEffort: this.#turn.requestedEffort ?? end.reasoningEffort,
    };
  }

  /** A chat's stream tells of its end only by ending. */
  #endChat(endedAt: number): boolean {
    const end = this.#chat?.end();
    const receiving = this.#receiving;
    if (end === undefined || receiving === undefined) return false;
    this.#handleEnd({ name: 'completed', end }, end, receiving, this.#lastWaitedSince, endedAt);
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
    const attributes = spanAttributes(handleResponsesAttributes, { 'codex.request.reasoning_effort': tracedEffort });
    const startTime = clock.timeOf(Math.max(waitedSince, receiving.startedAt));
    const span = tracer.startSpan(handleResponsesSpan.name, { attributes, startTime }, receiving.context);
    recordResponseEvent(span, event, spanOptions);
    record?.(trace.setSpan(receiving.context, span));
    span.end(clock.timeOf(endedAt));
  }

  /** The wait that no event ended: its span has no event to name. */
  #recordLastWait(receiving: Receiving, waitedSince: number, endedAt: number): void {
    this.#recordSpan({}, receiving, waitedSince, endedAt);
  }

  #close(receiving: Receiving, endedAt: number): void {
    const { span, startedAt, firstTokenAt, deltaCount } = receiving;
    this.#receiving = undefined;
    span.setAttributes(
      spanAttributes(receivingStreamAttributes, {
        'codex.stream.delta_count': deltaCount,
        'codex.stream.ttft_ms': firstTokenAt === undefined ? undefined : Math.trunc(firstTokenAt - startedAt),
      }),
    );
    span.end(this.#turn.clock.timeOf(endedAt));
  }
}
