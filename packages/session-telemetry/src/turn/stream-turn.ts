import type { Context, Tracer } from '@opentelemetry/api';
import type { InferenceCall, InferenceOutcome } from './gen-ai/inference-call.ts';
import type { ResponseEnd, StreamFailure } from './response-event.ts';
import type { ResponseLedger } from './response-ledger.ts';
import type { ResponseSpanOptions } from './response-span.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';
import type { TurnTimeline } from './turn-timeline.ts';

/** What a stream's telemetry needs of its turn. */
export interface StreamTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  readonly clock: TurnClock;
  readonly context: Context;
  readonly timeline: TurnTimeline;
  /** The responses of the turn, whichever stream they came by. */
  readonly responses: ResponseLedger;
  /** Whether every delta gets a span. */
  readonly deltaSpans: boolean;
  /** The effort that spans carry, which is never absent. */
  readonly tracedEffort: string;
  /** The effort that was asked for, if any was. */
  readonly requestedEffort: string | undefined;
  readonly spanOptions: ResponseSpanOptions;
  /** Begins a call in the words of the GenAI conventions, where the turn follows them. */
  inferenceCall(startedAt: number, request: unknown): InferenceCall | undefined;
  inferenceEnded(outcome: InferenceOutcome, context: Context): void;
  tokenArrived(moment: number): void;
  messageStarted(moment: number): void;
  /** An assistant's message is complete. */
  messageDone(item: unknown, context: Context): void;
  /** @param late - whether its call was over before. */
  responseEnded(end: ResponseEnd, late: boolean): void;
}

/** One thing that a transport delivered, told to the session in the transport's own words. */
export interface StreamFrame {
  /** The parsed event; absent where the frame holds none. */
  readonly event?: unknown;
  /** What the transport calls it. */
  readonly eventName?: string | undefined;
  /** When waiting for it began. */
  readonly waitedSince: number;
  /** The transport has no records of its frames: a failure is told as that of its response. @defaultValue `false` */
  readonly unrecorded?: boolean | undefined;
  /** Records the frame itself, and the failure that it tells of. */
  record(durationMillis: number, context: Context, failure: StreamFailure | undefined): void;
}
