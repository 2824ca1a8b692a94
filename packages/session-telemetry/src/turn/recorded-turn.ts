import { codexMetricNames } from '@codex-otel/metrics';
import type { SessionTask, TokenUsage, Turn, TurnOutcome } from '@codex-otel/token-usage';
import { checkedTokenUsage, regularTask, startTurn, tracedReasoningEffort } from '@codex-otel/token-usage';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import { property } from '../property.ts';
import type { ApprovalOptions, PendingApproval } from './approval.ts';
import { requestApproval } from './approval.ts';
import { invokeAgentSpan } from './gen-ai/codex-spans.ts';
import type { GenAi } from './gen-ai/gen-ai.ts';
import { readGenAi } from './gen-ai/gen-ai.ts';
import {
  recordAgentMetrics,
  recordInferenceMetrics,
  recordLateUsage,
  turnErrorType,
} from './gen-ai/gen-ai-turn-metrics.ts';
import type { InferenceOutcome } from './gen-ai/inference-call.ts';
import { InferenceCall } from './gen-ai/inference-call.ts';
import { recordInferenceDetails } from './gen-ai/inference-details.ts';
import { guard } from './guard.ts';
import type { McpToolCallOptions, McpTraceMeta } from './mcp-tool-call.ts';
import { runMcpToolCall } from './mcp-tool-call.ts';
import { isStream } from './observed-stream.ts';
import type { OpenTurn, ProcessEnding } from './open-turns.ts';
import { endWithProcess } from './open-turns.ts';
import { observeEvents } from './parsed-events.ts';
import { numberOr, readable, textOf, timeoutOr } from './readable-options.ts';
import type { ResponseEnd } from './response-event.ts';
import { createResponseLedger } from './response-ledger.ts';
import { ResponseStream } from './response-stream.ts';
import { RunningTools } from './running-tools.ts';
import type {
  ObserveOptions,
  SessionTurn,
  SessionTurnOptions,
  TurnRetryOptions,
  TurnToolOptions,
} from './session-turn.ts';
import type { ObserveSseOptions, ResponseStreamEvent, SseSource } from './sse-events.ts';
import { readSseEvents } from './sse-events.ts';
import type { StreamTurn } from './stream-turn.ts';
import { runTool } from './tool-call.ts';
import type { TurnClock } from './turn-clock.ts';
import { startTurnClock } from './turn-clock.ts';
import { markTurn, parentOr } from './turn-context.ts';
import type { TurnKeeping } from './turn-keeping.ts';
import { keepTurn, profileOf, progressOf } from './turn-keeping.ts';
import { countTurn, recordTurnMetrics } from './turn-metrics.ts';
import { agentAttributes, agentLinks, turnParent } from './turn-origin.ts';
import type { TurnSession } from './turn-session.ts';
import { TurnTimeline } from './turn-timeline.ts';
import type { WebsocketObserver } from './websocket-messages.ts';
import { observeMessages } from './websocket-messages.ts';
import { recordWholeResponse } from './whole-response.ts';

/**
 * Starts a turn of a session.
 *
 * Parents are passed explicitly and not by the active context, so the trace is complete without a context manager too.
 * Nothing throws, except what the agent's own functions and streams throw.
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
  readonly conversationId: string;
  readonly turnId: string;
  readonly timeline: TurnTimeline;
  readonly tools: RunningTools;
  readonly #turn: Turn;
  readonly #signal: AbortSignal | undefined;
  readonly #answers: ReturnType<TurnSession['agentResponseLogger']>;
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
  /** Removes the turn from the session's open turns, and from the turns that the process ends. */
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
    this.conversationId = textOf(threadId);
    this.turnId = textOf(options.turnId);
    const { turnId, parentTurnId, rootTurnId } = options;
    this.#answers = session.agentResponseLogger({ turnId, parentTurnId, rootTurnId });
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
    this.#leaveProcess = endWithProcess((ending) => this.#endWithProcess(ending), this.tracer);
    // A helper thread, for a title or a summary, has no input of a user.
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
    const events = readSseEvents(response, stream, this.session, this.clock, { idleTimeoutMillis });
    this.#observed.add(events);
    return events;
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
    const given = readable(options);
    return runMcpToolCall(this, given, fn, parentOr(given.parent, this.context));
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
    this.session.recordDuration(codexMetricNames.turnTtfmDuration, moment - this.clock.startedAt);
  }

  messageDone(item: unknown, at: Context): void {
    this.#answers.record(item, at);
  }

  responseEnded(end: ResponseEnd, late: boolean): void {
    this.addResponse(end.usage);
    if (late && this.genAi !== undefined && end.usage !== undefined) recordLateUsage(this.genAi, end.model, end.usage);
  }

  inferenceCall(startedAt: number, request: unknown): InferenceCall | undefined {
    if (this.genAi === undefined) return undefined;
    this.#inferenceCalls += 1;
    return new InferenceCall(this.genAi, {
      startedAt,
      request,
      compacts: this.#isCompaction,
      withContent: this.session.recordsInferenceDetails === true,
    });
  }

  inferenceEnded(outcome: InferenceOutcome, at: Context): void {
    if (this.genAi !== undefined) recordInferenceMetrics(this.genAi, outcome);
    recordInferenceDetails(this.session, outcome, at);
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
    // Observing a stream twice would record everything twice.
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
