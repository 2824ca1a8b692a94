import type { Context, Tracer } from '@opentelemetry/api';
import type { InferenceCall, InferenceOutcome } from './gen-ai/inference-call.ts';
import type { ResponseEnd, StreamFailure } from './response-event.ts';
import type { ResponseLedger } from './response-ledger.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';
import type { TurnTimeline } from './turn-timeline.ts';

/** The part of a turn that the telemetry of its streams uses. */
export interface StreamTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  readonly clock: TurnClock;
  readonly context: Context;
  readonly conversationId: string;
  readonly timeline: TurnTimeline;
  /** The responses of the turn, from all its streams. */
  readonly responses: ResponseLedger;
  /** Whether every delta makes a span. */
  readonly deltaSpans: boolean;
  /** The reasoning effort on spans, which is always there. */
  readonly tracedEffort: string;
  /** The requested reasoning effort, if there was one. */
  readonly requestedEffort: string | undefined;
  /** Begins a model call by the GenAI conventions; `undefined` if the turn does not follow them. */
  inferenceCall(startedAt: number, request: unknown): InferenceCall | undefined;
  inferenceEnded(outcome: InferenceOutcome, context: Context): void;
  tokenArrived(moment: number): void;
  messageStarted(moment: number): void;
  /** An assistant's message is complete. */
  messageDone(item: unknown, context: Context): void;
  /** @param late - Whether its model call was over before. */
  responseEnded(end: ResponseEnd, late: boolean): void;
}

/** One thing that a transport delivered, and how to record it. */
export interface StreamFrame {
  /** The parsed event; absent if the frame holds none. */
  readonly event?: unknown;
  /** The name that the transport gives it. */
  readonly eventName?: string | undefined;
  /** Its text, if it is not an event. Content. */
  readonly text?: string | undefined;
  /** When the wait for it began. */
  readonly waitedSince: number;
  /** Whether the frames of this transport make no records, so that a failure is recorded for its response. @defaultValue `false` */
  readonly unrecorded?: boolean | undefined;
  /**
   * Records the frame, and the failure that it reports.
   *
   * @param type - The `type` of the event, if it has one.
   */
  record(
    durationMillis: number,
    context: Context,
    failure: StreamFailure | undefined,
    event: unknown,
    type: string | undefined,
  ): void;
}
