import type { TokenUsage } from '@codex-otel/token-usage';

/** How a response ended, by its last event. */
export interface ResponseEnd {
  readonly status: 'completed' | 'incomplete' | 'failed' | 'cancelled';
  /** Distinguishes this response from others, wherever its end is reported again. */
  readonly identity?: string | undefined;
  readonly responseId?: string | undefined;
  readonly model?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly reasoningEffort?: string | undefined;
  /** Absent if none was sent, or if it was malformed. */
  readonly usage?: TokenUsage | undefined;
  readonly finishReason?: string | undefined;
  /** What is wrong with the event; contains none of its content. */
  readonly problem?: string | undefined;
  /** The error of a failed response. */
  readonly error?: unknown;
}

/** What the telemetry needs of one event of a model's stream. */
export interface ResponseEvent {
  /** The value of `codex.response.event`. Events without a name have no span. */
  readonly name?: string | undefined;
  /** Whether it is a piece of a text or of an argument, of which there are hundreds. */
  readonly delta?: boolean | undefined;
  /** Whether it counts as the first token of its turn. */
  readonly token?: boolean | undefined;
  /** Whether it starts an assistant's message. */
  readonly message?: boolean | undefined;
  readonly toolName?: string | undefined;
  readonly from?: 'output_item_added' | 'output_item_done' | undefined;
  /** A complete item of the output, which may be the turn's answer. Content. */
  readonly item?: unknown;
  /** Whether it begins a response. */
  readonly starts?: boolean | undefined;
  /** Whether it belongs to the connection, and not to a response. */
  readonly aside?: boolean | undefined;
  /** The {@link ResponseEnd.identity} of its response, if an event before the end says it. */
  readonly identity?: string | undefined;
  /** Set if it reports that the response failed. More of the response may follow. */
  readonly failure?: StreamFailure | undefined;
  readonly end?: ResponseEnd | undefined;
}

/** An error that an event of a stream reported. */
export interface StreamFailure {
  readonly error: unknown;
}

/** An event without meaning for the telemetry. */
export const UNNAMED: ResponseEvent = {};

export const REASONING_DELTA: ResponseEvent = { name: 'reasoning_content_delta', delta: true, token: true };
export const TOOL_INPUT_DELTA: ResponseEvent = { name: 'tool_input_delta', delta: true };
export const OTHER_DELTA: ResponseEvent = { delta: true };

/** The model begins to call a tool. */
export function toolCall(toolName: string | undefined): ResponseEvent {
  return { name: 'function_call', from: 'output_item_added', token: true, toolName };
}

/** What is wrong with the usage of an end, if it was sent. */
export function usageProblem(reported: unknown, usage: TokenUsage | undefined): string | undefined {
  return reported !== undefined && reported !== null && usage === undefined ? 'its usage is malformed' : undefined;
}

/** A role, a tool's name or a reason: words, not sentences. */
const WORD = /^[\w.:/-]{1,128}$/;

export function word(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
