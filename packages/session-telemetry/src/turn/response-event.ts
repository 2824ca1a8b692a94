import type { TokenUsage } from '@codex-otel/token-usage';

/** How a response ended, as its last event says. */
export interface ResponseEnd {
  readonly status: 'completed' | 'incomplete' | 'failed' | 'cancelled';
  /** What tells this response from every other, wherever else its end is told again. */
  readonly identity: string | undefined;
  readonly responseId: string | undefined;
  readonly model: string | undefined;
  readonly serviceTier: string | undefined;
  readonly reasoningEffort: string | undefined;
  /** Absent where none was sent, and where it was malformed. */
  readonly usage: TokenUsage | undefined;
  readonly finishReason: string | undefined;
  /** What is wrong with the event, in words that hold nothing of its content. */
  readonly problem: string | undefined;
  /** What a failed response says about itself. */
  readonly error: unknown;
}

/** What the telemetry of a turn needs to know of one event of a model's stream. */
export interface ResponseEvent {
  /** The value of `codex.response.event`; an event without one has no span of its own. */
  readonly name?: string | undefined;
  /** A piece of a text or of an argument: of these there are hundreds. */
  readonly delta?: boolean | undefined;
  /** Whether it counts as the first token of its turn. */
  readonly token?: boolean | undefined;
  /** Whether it starts an assistant's message. */
  readonly message?: boolean | undefined;
  readonly toolName?: string | undefined;
  readonly from?: 'output_item_added' | 'output_item_done' | undefined;
  /** A complete item of the output, which may be the turn's answer. Content. */
  readonly item?: unknown;
  /** It begins a response. */
  readonly starts?: boolean | undefined;
  /** It belongs to the connection, not to a response. */
  readonly aside?: boolean | undefined;
  /** {@link ResponseEnd.identity}, of an event that is no end and says which response it is of. */
  readonly identity?: string | undefined;
  /** It tells that the response has failed, though more of it may come. */
  readonly failure?: StreamFailure | undefined;
  readonly end?: ResponseEnd | undefined;
}

/** An error that a stream told of by one of its events. */
export interface StreamFailure {
  readonly error: unknown;
}

/** An event that says nothing. */
export const UNNAMED: ResponseEvent = {};

/** A role, a tool's name, a reason: words, not sentences. */
const WORD = /^[\w.:/-]{1,128}$/;

export function word(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
