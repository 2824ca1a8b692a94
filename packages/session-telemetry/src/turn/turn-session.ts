import type { MetricsSink, Tags } from '@codex-otel/metrics';
import type { Context, Tracer } from '@opentelemetry/api';
import type { GenAiInferenceDetails } from '../events/gen-ai-inference.ts';
import type { RetryOptions } from '../events/retry.ts';
import type { SseEventCompletedOptions, SseEventFailedOptions } from '../events/sse-event.ts';
import type { ToolCallReceivedOptions, ToolResultReadyOptions } from '../events/tool-call-trace.ts';
import type { ToolDecisionOptions } from '../events/tool-decision.ts';
import type { TurnProfileOptions } from '../events/turn-profile.ts';
import type { TurnProgressOptions } from '../events/turn-progress.ts';
import type { SseEventOptions } from '../sse-classification.ts';
import type { GenAiMode } from './gen-ai/gen-ai.ts';

/** One WebSocket frame, as `ws` or the platform's `WebSocket` delivered it. */
export interface WebsocketEventOptions {
  /** The frame's payload: text, or bytes in any of the forms that the two deliver. */
  readonly data?: unknown;
  /** What `ws` hands over beside the payload. */
  readonly isBinary?: boolean | undefined;
  /** The payload, already parsed, so that it need not be parsed again. */
  readonly event?: unknown;
  /** The transport's error: no frame came. */
  readonly error?: unknown;
  readonly durationMillis: number;
}

/** A tool call that is about to run. */
export interface ToolCallOptions<T = unknown> {
  readonly toolName: string;
  /** @defaultValue `functions` */
  readonly toolNamespace?: string | undefined;
  readonly callId: string;
  /** The arguments as the model sent them. */
  readonly arguments: string;
  readonly mcpServer?: string | undefined;
  readonly mcpServerOrigin?: string | undefined;
  readonly tags?: Tags | undefined;
  /**
   * What the log record says of a result. Without it, a string is the output, anything else is shown as JSON, and
   * the call succeeded unless it is the result of an MCP tool with `isError: true`.
   */
  readonly result?: ((value: T) => { readonly output: string; readonly success: boolean }) | undefined;
}

/**
 * What a turn needs of its session; `SessionTelemetry` is one.
 *
 * The optional last argument of a method is the context whose span the log record names and the trace event goes to.
 * Without it that is the active context. A turn hands its own over, so that its records reach its spans where no
 * context manager is installed, or where a stream is read from a foreign context. None of the methods throws.
 */
export interface TurnSession {
  /** The thread's id. */
  readonly conversationId: string;
  readonly model: string;
  /** Names the global tracer where no tracer is given: the service's name. */
  readonly serviceName?: string | undefined;
  /** Makes the spans of turns that name no tracer of their own. */
  readonly tracer?: Tracer | undefined;
  /** How turns follow the GenAI conventions that do not say so themselves. */
  readonly genAi?: GenAiMode | undefined;
  /** The agent's name, where it was given one. */
  readonly agentName?: string | undefined;
  /** The metrics client itself, for metrics that do not take the session's tags. */
  readonly metrics?: MetricsSink | undefined;

  /** Records an event of a stream: `codex.sse_event`. */
  logSseEvent(options: SseEventOptions, context?: Context): void;
  /** Records a stream that broke off, or an event that could not be read. */
  sseEventFailed(options: SseEventFailedOptions, context?: Context): void;
  /** Records the end of a response, with its usage. */
  sseEventCompleted(options: SseEventCompletedOptions, context?: Context): void;
  /** Records the end of a response whose usage could not be read. */
  sseEventCompletedFailed(
    options: { readonly error: unknown; readonly errorType?: string | undefined },
    context?: Context,
  ): void;
  /** Counts a frame of a socket: `codex.websocket.event`. */
  recordWebsocketEvent(options: WebsocketEventOptions, context?: Context): void;
  /** Records the time to the first token of a turn: `codex.turn_ttft`. */
  recordTurnTtft(options: { readonly durationMillis: number }, context?: Context): void;
  recordTurnProfile(options: TurnProfileOptions, context?: Context): void;
  recordTurnProgress(options: TurnProgressOptions, context?: Context): void;
  recordRetry(options: RetryOptions, context?: Context): void;
  toolDecision(options: ToolDecisionOptions, context?: Context): void;
  recordToolCallReceived(options: ToolCallReceivedOptions, context?: Context): void;
  recordToolResultReady(options: ToolResultReadyOptions, context?: Context): void;
  /** Times `fn`, records its `codex.tool_result`, and settles as `fn` did. */
  logToolResult<T>(options: ToolCallOptions<T>, fn: () => T | PromiseLike<T>, context?: Context): Promise<T>;

  /** Makes what logs the final answers of a turn, if the session is allowed to. */
  agentResponseLogger?(turn: {
    readonly turnId: string;
    readonly parentTurnId?: string | undefined;
    readonly rootTurnId?: string | undefined;
  }): {
    /** Logs an output item where it is a final answer. */
    record(item: unknown, context?: Context): void;
  };

  /** Whether {@link TurnSession.genAiInferenceDetails} would record anything. */
  readonly recordsInferenceDetails?: boolean | undefined;
  /** Records what a call of a model was about, by the GenAI conventions. Content. */
  genAiInferenceDetails?(options: GenAiInferenceDetails, context?: Context): void;

  /** Adds to a counter, with the session's tags. */
  counter(name: string, increment: number, tags?: Tags): void;
  /** Records one value of a histogram, with the session's tags. */
  histogram(name: string, value: number, tags?: Tags): void;
  /** Records a duration in milliseconds, with the session's tags. */
  recordDuration(name: string, durationMillis: number, tags?: Tags): void;
}
