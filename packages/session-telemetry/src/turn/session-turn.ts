import type { StartTurnOptions, Turn } from '@codex-otel/token-usage';
import type { Context } from '@opentelemetry/api';
import type { RetryOptions } from '../events/retry.ts';
import type { ApprovalOptions, PendingApproval } from './approval.ts';
import type { GenAiTurnOptions } from './gen-ai/gen-ai.ts';
import type { McpToolCallOptions, McpTraceMeta } from './mcp-tool-call.ts';
import type { ObserveSseOptions, ResponseStreamEvent, SseSource } from './sse-events.ts';
import type { ToolCallOptions } from './turn-session.ts';
import type { WebsocketObserver } from './websocket-messages.ts';

/** Options for starting a turn of a session. */
export interface SessionTurnOptions
  extends Omit<StartTurnOptions, 'threadId' | 'model' | 'spanName' | 'recordsUsage'>,
    GenAiTurnOptions {
  /** The id of the thread. @defaultValue the session's conversation */
  readonly threadId?: string | undefined;
  /** The name of the model. @defaultValue the session's model */
  readonly model?: string | undefined;
  /** Whether every delta makes a span, as in Codex. @defaultValue `false`: deltas are counted on `receiving_stream` */
  readonly deltaSpans?: boolean | undefined;
  /** Aborting it ends the turn as aborted. @defaultValue none */
  readonly signal?: AbortSignal | undefined;
  /** The conversation whose agent started this one. The turn is then a sub-agent's, and links to the span that started it. */
  readonly parentConversationId?: string | undefined;
  /** The turn that triggered this one; it may be another agent's. Absent if unknown. */
  readonly parentTurnId?: string | undefined;
  /** The turn that the user started. Absent if unknown. */
  readonly rootTurnId?: string | undefined;
  /** Whether it is the turn of a helper thread, for a title or a summary, which readers leave out. @defaultValue `false` */
  readonly helper?: boolean | undefined;
  /** The clock: milliseconds from any fixed origin, never going back. @defaultValue `performance.now` */
  readonly now?: (() => number) | undefined;
}

/** Options for observing a model's stream. */
export interface ObserveOptions {
  /** When the request was made, by the turn's clock (`performance.now()`). @defaultValue now */
  readonly requestedAt?: number | undefined;
  /** The body of the request. Used only for the GenAI conventions, which record what was requested. @defaultValue not recorded */
  readonly request?: unknown;
}

/** Options for {@link SessionTurn.recordRetry}. */
export interface TurnRetryOptions extends RetryOptions {
  /**
   * When the failed attempt was made, by the turn's clock; its time counts as waiting for the model. Not needed within the
   * request of {@link SessionTurn.observeResponse}. @defaultValue now
   */
  readonly requestedAt?: number | undefined;
}

/** Options for {@link SessionTurn.tool}. */
export interface TurnToolOptions<T> extends ToolCallOptions<T> {
  /** The parent of the tool's span. @defaultValue the tool that calls it, else the turn */
  readonly parent?: Context | undefined;
}

/**
 * A running turn of a session, with its streams, tools and metrics. It throws only what the agent's own functions
 * throw.
 */
export interface SessionTurn extends Turn {
  /**
   * Makes a request, and observes the stream or records the answer that it returns. The time to the first token counts from
   * here, when the user begins to wait. What `request` returns or throws is passed on unchanged.
   *
   * It reads the Responses API, Chat Completions, Anthropic's messages, the AI SDK (`fullStream`, or a provider's
   * model) and runs of `@openai/agents`. The first events of a stream decide which it is. An unknown stream passes
   * through, and is reported on `diag`.
   */
  observeResponse<R>(request: () => R | PromiseLike<R>, options?: ObserveOptions): Promise<Awaited<R>>;
  /**
   * Observes a stream and returns it: the same object, whose values pass through unchanged, in order, and when they are asked
   * for. Only its first reader is observed; of the helpers of the openai package and of Anthropic's SDK, every event. Pass
   * the stream itself, not a promise of it.
   *
   * Since the headers have come already, pass `requestedAt`. Without it the time to the first token lacks the wait for the
   * headers.
   */
  observeResponse<S extends AsyncIterable<object>>(stream: S, options?: ObserveOptions): S;
  /** Does the same as `observeResponse`, for a Chat Completions request. Set `include_usage`, or there is no usage. */
  observeChatCompletion<R>(request: () => R | PromiseLike<R>, options?: ObserveOptions): Promise<Awaited<R>>;
  /** Does the same as `observeResponse`, for a Chat Completions stream. Set `include_usage`, or there is no usage. */
  observeChatCompletion<S extends AsyncIterable<object>>(stream: S, options?: ObserveOptions): S;
  /**
   * Reads the server-sent events of an answer, of its body, or of the answer to a request that the function makes; of any
   * known API. Events that are not JSON are recorded and left out. Errors of the connection are thrown to the reader.
   */
  observeSse(
    response: SseSource | (() => SseSource | PromiseLike<SseSource>),
    options?: ObserveOptions & ObserveSseOptions,
  ): AsyncGenerator<ResponseStreamEvent, void, undefined>;
  /**
   * Records an answer that was not streamed, of any known API, or a client's result of several responses (`generateText` of the
   * AI SDK, a run of `@openai/agents`). Each response makes a span and records its usage. Pass `requestedAt`, or the spans
   * have no duration.
   */
  recordResponse(response: object, options?: ObserveOptions): void;
  /** Observes the messages of a WebSocket, from now to the end of the turn. */
  observeWebsocket(options?: ObserveOptions): WebsocketObserver;
  /**
   * Runs a tool in a span of its own, and logs its result. `fn` gets the span's context, which is also active. What `fn`
   * returns or throws is passed on unchanged.
   */
  tool<T>(options: TurnToolOptions<T>, fn: (context: Context) => T | PromiseLike<T>): Promise<T>;
  /**
   * Runs the call of an MCP tool in a client span. `fn` gets the `_meta` for the request, which carries the trace context to
   * the server. What `fn` returns or throws is passed on unchanged.
   */
  mcpToolCall<T>(
    options: McpToolCallOptions,
    fn: (meta: McpTraceMeta, context: Context) => T | PromiseLike<T>,
  ): Promise<T>;
  /**
   * Call it when a tool call needs an approval. Until the approval ends, the time of the turn counts as waiting for the user,
   * or as automatic review.
   */
  requestApproval(options: ApprovalOptions): PendingApproval;
  /**
   * Call it when an attempt to reach the model failed and is repeated after a pause, which counts as overhead. Records
   * `codex.retry`.
   */
  recordRetry(options: TurnRetryOptions): void;
}
