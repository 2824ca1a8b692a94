import type { TokenUsage } from '@codex-otel/token-usage';
import type { LogRecord, Span } from './telemetry.ts';

/** How a turn went. `open`: its span has not arrived, which it does when the turn ends. */
export type TurnState = 'open' | 'completed' | 'aborted' | 'failed';

/** One response of the model. */
export interface ModelResponse {
  /** Its span; absent while only parts of it have arrived. */
  readonly spanId: string;
  /** When the request was sent. */
  readonly startMillis: number;
  readonly firstTokenMillis: number | undefined;
  readonly endMillis: number;
  readonly usage: TokenUsage | undefined;
  readonly responseId: string | undefined;
  /** The request whose wait is part of the response's bar. */
  readonly requestSpanId: string | undefined;
}

/** One call of a tool. */
export interface ToolCall {
  readonly callId: string;
  readonly toolName: string;
  /** Absent for a call that was denied, or whose span has not arrived. */
  readonly spanId: string | undefined;
  readonly startMillis: number;
  readonly endMillis: number;
  /** `undefined` if unknown. */
  readonly success: boolean | undefined;
  /** E.g. `denied by User`. */
  readonly decision: string | undefined;
  /** The record that carries arguments and output. */
  readonly result: LogRecord | undefined;
}

/** A time in which the turn waited for somebody. */
export interface Wait {
  readonly id: string;
  readonly kind: 'user' | 'auto-review';
  readonly label: string;
  readonly startMillis: number;
  readonly endMillis: number;
  /** The waiting call, if its span includes the wait. */
  readonly callSpanId: string | undefined;
}

/** Parts of a turn's time. Each moment counts once, so they add up to the duration. */
export interface ProfileParts {
  readonly userWait: number;
  readonly autoReview: number;
  readonly tools: number;
  readonly inference: number;
  readonly overhead: number;
  readonly unknown: number;
}

/** Where a turn's time went, in milliseconds. */
export interface TurnProfile extends ProfileParts {
  /** `measured`: by the turn itself. `derived`: computed from its spans. */
  readonly source: 'measured' | 'derived';
  readonly durationMillis: number;
  readonly requests: number;
  readonly retries: number;
}

/** The last progress that an open turn reported. */
export interface TurnProgress {
  readonly phase: string;
  /** Names, separated by commas; empty if none is running. */
  readonly toolsOpen: string;
  readonly totalTokens: number | undefined;
  readonly timeMillis: number;
}

/** A turn, as far as it has arrived. */
export interface Turn {
  /** Stays the same while more of the turn arrives. */
  readonly key: string;
  readonly traceId: string;
  readonly turnId: string | undefined;
  /** Empty if nothing names a session. */
  readonly sessionId: string;
  /** The turn's own span; absent while the turn is open. */
  readonly root: Span | undefined;
  /** Spans below the turn, including those of nested turns. */
  readonly spans: readonly Span[];
  /** Spans whose parent has not arrived. */
  readonly orphans: readonly Span[];
  /** The turn in which this one runs: it belongs to a sub-agent. */
  readonly parentKey: string | undefined;
  readonly state: TurnState;
  /** `turn`, `compact`, `review`, … */
  readonly task: string;
  readonly model: string;
  readonly effort: string;
  readonly startMillis: number;
  /** The latest progress of an open turn. */
  readonly endMillis: number;
  /** The turn's usage without sub-agents: from its own span, or else from its responses. */
  readonly usage: TokenUsage | undefined;
  /** The sum over its responses. It differs from {@link usage} if something was not delivered. */
  readonly responsesUsage: TokenUsage | undefined;
  readonly ttftMillis: number | undefined;
  readonly responses: readonly ModelResponse[];
  readonly tools: readonly ToolCall[];
  readonly waits: readonly Wait[];
  readonly profile: TurnProfile;
  readonly progress: TurnProgress | undefined;
  readonly logs: readonly LogRecord[];
  /** The prompt, if it was recorded. */
  readonly prompt: string | undefined;
}
