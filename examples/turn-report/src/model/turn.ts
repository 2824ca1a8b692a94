import type { TokenUsage } from '@codex-otel/token-usage';
import type { LogRecord, Span } from './telemetry.ts';

/** How a turn went. `open`: its span has not arrived, which it does when the turn ends. */
export type TurnState = 'open' | 'completed' | 'aborted' | 'failed';

/** One response of the model. */
export interface ModelResponse {
  /** The span that stands for it; absent while only parts of it have arrived. */
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
  /** Absent for a call that was denied, or whose span is not there. */
  readonly spanId: string | undefined;
  readonly startMillis: number;
  readonly endMillis: number;
  /** `undefined` when nothing tells. */
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
  /** The call that waits, where its span lasts over the wait. */
  readonly callSpanId: string | undefined;
}

/** Parts of a turn's time. Each instant counts once, so they add up to the duration. */
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
  /** `measured`: the turn said so itself. `derived`: computed from its spans. */
  readonly source: 'measured' | 'derived';
  readonly durationMillis: number;
  readonly requests: number;
  readonly retries: number;
}

/** What an open turn said of itself. */
export interface TurnProgress {
  readonly phase: string;
  /** Names, separated by commas; empty when none runs. */
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
  /** Empty where nothing names a session. */
  readonly sessionId: string;
  /** The turn's own span; absent while the turn is open. */
  readonly root: Span | undefined;
  /** Spans below the turn, those of nested turns included. */
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
  /** Of an open turn: the last that was heard of it. */
  readonly endMillis: number;
  /** What the turn used, sub-agents not included: from its own span, or from its responses where that has none. */
  readonly usage: TokenUsage | undefined;
  /** The sum over its responses; differs from {@link usage} where something was not delivered. */
  readonly responsesUsage: TokenUsage | undefined;
  readonly ttftMillis: number | undefined;
  readonly responses: readonly ModelResponse[];
  readonly tools: readonly ToolCall[];
  readonly waits: readonly Wait[];
  readonly profile: TurnProfile;
  readonly progress: TurnProgress | undefined;
  readonly logs: readonly LogRecord[];
  /** The prompt, where it was recorded. */
  readonly prompt: string | undefined;
}
