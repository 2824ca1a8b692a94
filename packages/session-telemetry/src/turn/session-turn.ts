import { TURN_TTFM_DURATION_METRIC } from '@codex-otel/metrics';
import {
  checkedTokenUsage,
  regularTask,
  type SessionTask,
  type StartTurnOptions,
  startTurn,
  type TokenUsage,
  type Turn,
  type TurnOutcome,
  tracedReasoningEffort,
} from '@codex-otel/token-usage';
import { type Context, type Span, type Tracer, trace } from '@opentelemetry/api';
import type { RetryOptions } from '../events/retry.ts';
import { property } from '../property.ts';
import { type ApprovalOptions, type PendingApproval, requestApproval } from './approval.ts';
import { invokeAgentSpan } from './gen-ai/codex-spans.ts';
import { type GenAi, type GenAiTurnOptions, readGenAi } from './gen-ai/gen-ai.ts';
import {
  recordAgentMetrics,
  recordInferenceMetrics,
  recordLateUsage,
  turnErrorType,
} from './gen-ai/gen-ai-turn-metrics.ts';
import { InferenceCall, type InferenceOutcome } from './gen-ai/inference-call.ts';
import { guard } from './guard.ts';
import { type McpToolCallOptions, type McpTraceMeta, runMcpToolCall } from './mcp-tool-call.ts';
import { isStream } from './observed-stream.ts';
import { endWithProcess, type OpenTurn, type ProcessEnding } from './open-turns.ts';
import { observeEvents } from './parsed-events.ts';
import { numberOr, readable, textOf, timeoutOr } from './readable-options.ts';
import type { ResponseEnd } from './response-event.ts';
import { createResponseLedger } from './response-ledger.ts';
import type { ResponseSpanOptions } from './response-span.ts';
import { ResponseStream } from './response-stream.ts';
import { RunningTools } from './running-tools.ts';
import { type ObserveSseOptions, type ResponseStreamEvent, readSseEvents, type SseSource } from './sse-events.ts';
import type { StreamTurn } from './stream-turn.ts';
import { markTurn, parentOr, runTool } from './tool-call.ts';
import { startTurnClock, type TurnClock } from './turn-clock.ts';
import { keepTurn, profileOf, progressOf, type TurnKeeping } from './turn-keeping.ts';
import { countTurn, recordTurnMetrics } from './turn-metrics.ts';
import { agentAttributes, agentLinks, turnParent } from './turn-origin.ts';
import type { ToolCallOptions, TurnSession } from './turn-session.ts';
import { TurnTimeline } from './turn-timeline.ts';
import { observeMessages, type WebsocketObserver } from './websocket-messages.ts';
import { recordWholeResponse } from './whole-response.ts';

/** Options for {@link startSessionTurn}. */
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

/**
 * Starts a turn of a session.
 *
 * Its spans hang on each other by hand, not through the active context, so they are complete without a context
 * manager too. Nothing in it throws, except what the agent's own functions and streams throw.
 */
export function startSessionTurn(
  session: TurnSession,
  options: SessionTurnOptions,
  keeping?: TurnKeeping,
): SessionTurn {
  return new RecordedTurn(session, options, keeping);
}

class RecordedTurn implements SessionTurn, StreamTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  readonly clock: TurnClock;
  readonly deltaSpans: boolean;
  readonly tracedEffort: string;
  readonly requestedEffort: string | undefined;
  readonly spanOptions: ResponseSpanOptions;
  readonly turnId: string;
  readonly timeline: TurnTimeline;
  readonly tools: RunningTools;
  readonly #turn: Turn;
  readonly #signal: AbortSignal | undefined;
  readonly #answers: ReturnType<NonNullable<TurnSession['agentResponseLogger']>> | undefined;
  readonly genAi: GenAi | undefined;
  readonly responses = createResponseLedger();
  readonly #streams = new Set<ResponseStream>();
  readonly #observed = new WeakSet<object>();
  readonly #onAbort = (): void => {
    this.end({ status: 'aborted' });
  };
  #usageKnown = false;
  #toolCalls = 0;
  #inferenceCalls = 0;
  #tokenArrived = false;
  #messageStarted = false;
  #ended = false;
  /** Takes the turn out of what watches it while it is open, and the second while it has open spans. */
  readonly #leave: (() => void) | undefined;
  readonly #leaveProcess: () => void;

  constructor(session: TurnSession, options: SessionTurnOptions, keeping: TurnKeeping | undefined) {
    const threadId = options.threadId ?? session.conversationId;
    const model = options.model ?? session.model;
    this.session = session;
    this.tracer =
      options.tracer ?? session.tracer ?? trace.getTracer(options.serviceName ?? session.serviceName ?? 'codex_cli_rs');
    this.clock = startTurnClock(options.now);
    this.deltaSpans = options.deltaSpans === true;
    this.requestedEffort = options.reasoningEffort;
    this.tracedEffort = tracedReasoningEffort({ effort: options.reasoningEffort });
    this.genAi = readGenAi(options, session, {
      model,
      conversationId: threadId,
      reasoningLevel: options.reasoningEffort,
    });
    this.spanOptions = { conversationId: threadId };
    this.turnId = textOf(options.turnId);
    const { turnId, parentTurnId, rootTurnId } = options;
    this.#answers = session.agentResponseLogger?.({ turnId, parentTurnId, rootTurnId });
    const startTime = options.startTime ?? this.clock.timeOf(this.clock.startedAt);
    const parent = markTurn(turnParent(this.tracer, options, threadId, startTime));
    const agentSpan = this.genAi && invokeAgentSpan(this.genAi, (options.task ?? regularTask).spanName);
    this.#turn = startTurn({
      ...options,
      spanName: agentSpan?.name,
      recordsUsage: this.genAi?.mode === 'spans' ? false : undefined,
      threadId,
      model,
      tracer: this.tracer,
      parent,
      startTime,
      attributes: { ...agentAttributes(options), ...options.attributes, ...agentSpan?.attributes },
      links: [...agentLinks(options), ...(Array.isArray(options.links) ? options.links : [])],
    });
    this.timeline = new TurnTimeline(this);
    this.tools = new RunningTools(this.clock, this.timeline, () => this.#leaveIfDone());
    this.#leave =
      keeping &&
      keepTurn(
        keeping,
        () => this.#describe(),
        (turn) => this.session.recordTurnProgress(progressOf(turn, this.#unixNow()), this.context),
      );
    this.#leaveProcess = endWithProcess((ending) => this.#endWithProcess(ending));
    // A thread that was started for a title or the like has no user's input.
    if (options.helper !== true) guard('count a turn', () => countTurn(session, this.#turn.task));
    this.#signal = options.signal;
    guard('follow the signal of a turn', () => {
      if (this.#signal?.aborted) this.#onAbort();
      else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    });
  }

  get span(): Span {
    return this.#turn.span;
  }

  get context(): Context {
    return this.#turn.context;
  }

  get conversationId(): string {
    return textOf(this.spanOptions.conversationId);
  }

  get task(): SessionTask {
    return this.#turn.task;
  }

  get usage(): TokenUsage {
    return this.#turn.usage;
  }

  get sessionUsage(): TokenUsage {
    return this.#turn.sessionUsage;
  }

  run<T>(fn: () => T): T {
    return this.#turn.run(fn);
  }

  addResponse(usage: TokenUsage | undefined): void {
    if (!this.#ended && checkedTokenUsage(usage) !== undefined) this.#usageKnown = true;
    this.#turn.addResponse(usage);
  }

  become(task: SessionTask): void {
    this.#turn.become(task);
  }

  end(outcome?: TurnOutcome): TokenUsage {
    if (this.#ended) return this.usage;
    for (const stream of this.#streams) stream.abandon();
    this.#streams.clear();
    this.#ended = true;
    guard('leave the signal of a turn', () => this.#signal?.removeEventListener('abort', this.#onAbort));
    const endedAt = this.clock.now();
    this.#leave?.();
    this.#leaveIfDone();
    guard('record the profile of a turn', () =>
      this.session.recordTurnProfile(profileOf(this.turnId, this.timeline.close(endedAt), this.timeline), this.context),
    );
    const given = readable(outcome);
    const usage = this.#turn.end({ ...given, endTime: given.endTime ?? this.clock.timeOf(endedAt) });
    guard('record the metrics of a turn', () =>
      recordTurnMetrics(this.session, {
        durationMillis: endedAt - this.clock.startedAt,
        aborted: given.status === 'aborted',
        toolCalls: this.#toolCalls,
        usage: this.#usageKnown ? usage : undefined,
      }),
    );
    if (this.genAi !== undefined) {
      recordAgentMetrics(this.genAi, {
        durationMillis: endedAt - this.clock.startedAt,
        errorType: turnErrorType(given),
        inferenceCalls: this.#inferenceCalls,
        toolCalls: this.#toolCalls,
      });
    }
    return usage;
  }

  [Symbol.dispose](): void {
    this.end({ status: 'aborted' });
  }

  observeResponse<R>(request: () => R | PromiseLike<R>, options?: ObserveOptions): Promise<Awaited<R>>;
  observeResponse<S extends AsyncIterable<object>>(stream: S, options?: ObserveOptions): S;
  observeResponse(source: object | (() => unknown), options?: ObserveOptions): unknown {
    return typeof source === 'function'
      ? this.#request(source as () => unknown, options)
      : this.#observe(source, this.#openStream(options));
  }

  observeChatCompletion<R>(request: () => R | PromiseLike<R>, options?: ObserveOptions): Promise<Awaited<R>>;
  observeChatCompletion<S extends AsyncIterable<object>>(stream: S, options?: ObserveOptions): S;
  observeChatCompletion(source: object | (() => unknown), options?: ObserveOptions): unknown {
    return this.observeResponse(source as () => unknown, options);
  }

  observeSse(
    response: SseSource | (() => SseSource | PromiseLike<SseSource>),
    options?: ObserveOptions & ObserveSseOptions,
  ): AsyncGenerator<ResponseStreamEvent, void, undefined> {
    const stream = this.#openStream(options);
    const idleTimeoutMillis = timeoutOr(property(options, 'idleTimeoutMillis'), undefined);
    return readSseEvents(response, stream, this.session, this.clock, { idleTimeoutMillis });
  }

  recordResponse(response: object, options?: ObserveOptions): void {
    const requestedAt = numberOr(property(options, 'requestedAt'), this.clock.now());
    recordWholeResponse(response, this.#openStream({ ...readable(options), requestedAt }), requestedAt);
  }

  observeWebsocket(options?: ObserveOptions): WebsocketObserver {
    const startedAt = numberOr(property(options, 'requestedAt'), this.clock.now());
    return observeMessages(this.#openIdleStream(startedAt, property(options, 'request')), this.session, this.clock);
  }

  tool<T>(options: TurnToolOptions<T>, fn: (context: Context) => T | PromiseLike<T>): Promise<T> {
    this.#toolCalls += 1;
    return runTool(this, options, fn, parentOr(property(options, 'parent'), this.context));
  }

  mcpToolCall<T>(
    options: McpToolCallOptions,
    fn: (meta: McpTraceMeta, context: Context) => T | PromiseLike<T>,
  ): Promise<T> {
    const call = { conversationId: this.spanOptions.conversationId, turnId: this.turnId };
    const given = readable(options);
    return runMcpToolCall(this, { ...call, ...given }, fn, parentOr(given.parent, this.context));
  }

  requestApproval(options: ApprovalOptions): PendingApproval {
    return requestApproval(this, options);
  }

  recordRetry(options: TurnRetryOptions): void {
    const given = readable(options);
    const now = this.clock.now();
    if (!this.timeline.samplingPaused(now, Math.max(numberOr(given.delayMillis, 0), 0))) {
      const requestedAt = numberOr(given.requestedAt, now);
      this.timeline.end(this.timeline.begin('inference', requestedAt), now);
    }
    this.session.recordRetry(given, this.context);
  }

  tokenArrived(moment: number): void {
    if (this.#tokenArrived || this.#isCompaction) return;
    this.#tokenArrived = true;
    this.session.recordTurnTtft({ durationMillis: moment - this.clock.startedAt }, this.context);
  }

  messageStarted(moment: number): void {
    if (this.#messageStarted || this.#isCompaction) return;
    this.#messageStarted = true;
    this.session.recordDuration(TURN_TTFM_DURATION_METRIC, moment - this.clock.startedAt);
  }

  messageDone(item: unknown, at: Context): void {
    this.#answers?.record(item, at);
  }

  responseEnded(end: ResponseEnd, late: boolean): void {
    this.addResponse(end.usage);
    if (late && this.genAi !== undefined && end.usage !== undefined) recordLateUsage(this.genAi, end.model, end.usage);
  }

  inferenceCall(startedAt: number, request: unknown): InferenceCall | undefined {
    if (this.genAi === undefined) return undefined;
    this.#inferenceCalls += 1;
    return new InferenceCall(this.genAi, startedAt, request, this.#isCompaction);
  }

  inferenceEnded(outcome: InferenceOutcome): void {
    if (this.genAi !== undefined) recordInferenceMetrics(this.genAi, outcome);
  }

  async #request(request: () => unknown, options: ObserveOptions | undefined): Promise<unknown> {
    const requestedAt = numberOr(property(options, 'requestedAt'), this.clock.now());
    const stream = this.#openStream({ ...readable(options), requestedAt });
    let result: unknown;
    try {
      result = await request();
    } catch (error) {
      stream.fail(error, requestedAt, (durationMillis, context) =>
        this.session.logSseEvent({ error, durationMillis }, context),
      );
      throw error;
    }
    if (isStream(result)) return this.#observe(result, stream);
    recordWholeResponse(result, stream, requestedAt);
    return result;
  }

  #observe(source: object, stream: ResponseStream): object {
    // Once: to observe a stream twice would be to receive it twice.
    if (this.#observed.has(source)) {
      stream.withdraw();
      return source;
    }
    guard('observe a stream', () => this.#observed.add(source));
    return observeEvents(source, stream, this.session, this.clock);
  }

  /** Nobody waits for the tokens of a summary. */
  get #isCompaction(): boolean {
    return this.task.kind === 'compact';
  }

  /** The stream of a request that was made; it ends with the turn at the latest. */
  #openStream(options: ObserveOptions | undefined): ResponseStream {
    const requestedAt = numberOr(property(options, 'requestedAt'), this.clock.now());
    const stream = this.#openIdleStream(requestedAt, property(options, 'request'));
    stream.requested(requestedAt);
    return stream;
  }

  #openIdleStream(startedAt: number, request: unknown): ResponseStream {
    const stream = new ResponseStream(this, startedAt, request);
    if (this.#ended) stream.abandon();
    else this.#streams.add(stream);
    return stream;
  }

  #describe(): OpenTurn {
    const { clock, timeline, usage } = this;
    return {
      turnId: this.turnId,
      conversationId: this.conversationId,
      startedAtUnixMillis: clock.timeOf(clock.startedAt),
      phase: timeline.phase,
      phaseSinceUnixMillis: clock.timeOf(timeline.phaseSince),
      usage,
      openTools: this.tools.list(),
    };
  }

  #unixNow(): number {
    return this.clock.timeOf(this.clock.now());
  }

  #endWithProcess(ending: ProcessEnding): void {
    this.tools.endAll(ending);
    if (ending.status === 'failed') for (const stream of this.#streams) stream.abandon(ending.error);
    this.end(ending);
  }

  #leaveIfDone(): void {
    if (this.#ended && this.tools.count === 0) this.#leaveProcess();
  }
}
