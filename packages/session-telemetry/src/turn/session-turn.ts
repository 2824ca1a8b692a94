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
  /** @defaultValue the session's conversation */
  readonly threadId?: string | undefined;
  /** @defaultValue the session's model */
  readonly model?: string | undefined;
  /** A span for every delta, as the original has. @defaultValue `false`: deltas are counted on `receiving_stream` */
  readonly deltaSpans?: boolean | undefined;
  /** Ends the turn as aborted. */
  readonly signal?: AbortSignal | undefined;
  /** The conversation whose agent started this one: the turn is a sub-agent's, and links to the span that started it. */
  readonly parentConversationId?: string | undefined;
  /** The turn that made this one necessary; it may be another agent's. */
  readonly parentTurnId?: string | undefined;
  /** The user's turn that all this is part of. */
  readonly rootTurnId?: string | undefined;
  /** The turn of a helper thread, for a title or a summary, which readers may leave out. @defaultValue `false` */
  readonly helper?: boolean | undefined;
  /** Milliseconds from any fixed origin, never going back. @defaultValue `performance.now` */
  readonly now?: (() => number) | undefined;
}

/** Options for observing a model's stream. */
export interface ObserveOptions {
  /** When the request was made, by the turn's clock (`performance.now()`). @defaultValue now */
  readonly requestedAt?: number | undefined;
  /** The body of the request, of which the GenAI conventions show what was asked for. Nothing else reads it. */
  readonly request?: unknown;
}

/** Options for {@link SessionTurn.recordRetry}. */
export interface TurnRetryOptions extends RetryOptions {
  /**
   * When the attempt that failed was made, by the turn's clock: its time counts as the model's. Not needed within the
   * request of {@link SessionTurn.observeResponse}.
   */
  readonly requestedAt?: number | undefined;
}

/** Options for {@link SessionTurn.tool}. */
export interface TurnToolOptions<T> extends ToolCallOptions<T> {
  /** What the tool's span is a child of. @defaultValue the tool that calls it, else the turn */
  readonly parent?: Context | undefined;
}

/** A running turn of a session: token-usage's turn, its metrics, and the streams and tools that belong to it. */
export interface SessionTurn extends Turn {
  /**
   * Makes a request, and observes the stream that comes of it, or records the answer. The time to the first token
   * counts from here, where the user begins to wait. What `request` returns or throws comes back untouched.
   *
   * The stream is of any API or client that is known: the Responses API, Chat Completions, Anthropic's messages, the
   * AI SDK's `fullStream` or a provider's model, a run of `@openai/agents`. Its first events decide which; what none
   * of them accepts passes through, and is told on `diag`.
   */
  observeResponse<R>(request: () => R | PromiseLike<R>, options?: ObserveOptions): Promise<Awaited<R>>;
  /**
   * Instruments a stream and returns it: the same object, whose values pass through unchanged, in order, and when they
   * are asked for. The first reader is observed; of the helpers of the openai package and of Anthropic's SDK, which
   * receive by themselves, every event. Hand over the awaited stream, not the promise of it.
   *
   * Its headers have come by now: without `requestedAt` the time to the first token counts from them, and lacks what
   * the user waited before.
   */
  observeResponse<S extends AsyncIterable<object>>(stream: S, options?: ObserveOptions): S;
  /**
   * The same, by the name that says so for a Chat Completions stream. It carries usage where it was asked for:
   * `include_usage`.
   */
  observeChatCompletion<R>(request: () => R | PromiseLike<R>, options?: ObserveOptions): Promise<Awaited<R>>;
  observeChatCompletion<S extends AsyncIterable<object>>(stream: S, options?: ObserveOptions): S;
  /**
   * Reads the server-sent events of an answer or of its body, or of what a function that makes the request gets, of
   * any API. What is no JSON is recorded and left out; what the connection throws, the reader gets.
   */
  observeSse(
    response: SseSource | (() => SseSource | PromiseLike<SseSource>),
    options?: ObserveOptions & ObserveSseOptions,
  ): AsyncGenerator<ResponseStreamEvent, void, undefined>;
  /**
   * Records an answer that was not streamed, of any API, or what a client made of several (`generateText` of the AI
   * SDK, a run of `@openai/agents`): the span and the usage of each response, as those of a stream's end. Say when it
   * was asked for (`requestedAt`), or its spans have no length.
   */
  recordResponse(response: object, options?: ObserveOptions): void;
  /** Takes the messages of a WebSocket, from now to the end of the turn. */
  observeWebsocket(options?: ObserveOptions): WebsocketObserver;
  /**
   * Runs a tool in a span of its own, and logs its result. `fn` gets the span's context, which is also active; what
   * it returns or throws comes back untouched.
   */
  tool<T>(options: TurnToolOptions<T>, fn: (context: Context) => T | PromiseLike<T>): Promise<T>;
  /**
   * Runs the call of an MCP tool in its client span. `fn` gets the request's `_meta`, which carries the trace context
   * to the server.
   */
  mcpToolCall<T>(
    options: McpToolCallOptions,
    fn: (meta: McpTraceMeta, context: Context) => T | PromiseLike<T>,
  ): Promise<T>;
  /**
   * Somebody is asked whether a tool call may run: until the approval ends, the time of the turn counts as waiting for
   * the user, or as automatic review.
   */
  requestApproval(options: ApprovalOptions): PendingApproval;
  /**
   * An attempt to reach the model failed, and the next one is made after a pause, which counts as overhead. Records
   * `codex.retry`.
   */
  recordRetry(options: TurnRetryOptions): void;
}
