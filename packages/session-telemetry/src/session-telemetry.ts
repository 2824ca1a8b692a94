import type { MetricsSink, RuntimeMetricsSummary, Tags, Timer } from '@codex-otel/metrics';
import {
  getGlobalMetricsClient,
  isEmptyRuntimeMetrics,
  MetricsError,
  runtimeMetricsSummary,
  sessionMetricTags,
} from '@codex-otel/metrics';
import type { Context, Logger, Span, Tracer } from '@opentelemetry/api';
import { AgentResponseLogger } from './agent-response-logger.ts';
import type { ErrorOptions } from './error-description.ts';
import { EventRecorder } from './event-recorder.ts';
import type { AgentCommunicationOptions } from './events/agent-communication.ts';
import { agentCommunication } from './events/agent-communication.ts';
import type { AgentResponseOptions, AgentResponseTurn } from './events/agent-response.ts';
import { agentResponse } from './events/agent-response.ts';
import type { ApiRequestOptions } from './events/api-request.ts';
import { recordApiRequest, requestOptions } from './events/api-request.ts';
import type { AuthRecoveryOptions } from './events/auth-recovery.ts';
import { recordAuthRecovery } from './events/auth-recovery.ts';
import type { ConversationStartsOptions } from './events/conversation-starts.ts';
import { conversationStarts } from './events/conversation-starts.ts';
import type { GuardianAssessmentOptions } from './events/guardian-assessment.ts';
import { guardianAssessment } from './events/guardian-assessment.ts';
import type { GuardianReviewOptions } from './events/guardian-review.ts';
import { recordGuardianReview } from './events/guardian-review.ts';
import type { PluginInstallElicitationOptions, PluginInstallSuggestionOptions } from './events/plugin-install.ts';
import { recordPluginInstallElicitationSent, recordPluginInstallSuggestion } from './events/plugin-install.ts';
import type { SandboxOutcomeOptions } from './events/sandbox-outcome.ts';
import { sandboxOutcome } from './events/sandbox-outcome.ts';
import type { SkillInvocationOptions } from './events/skill-invocation.ts';
import { skillInvocation } from './events/skill-invocation.ts';
import {
  isPlainSseEvent,
  logSseEvent,
  sseEventCompleted,
  sseEventCompletedFailed,
  sseEventFailed,
} from './events/sse-event.ts';
import type { StartupPhaseOptions } from './events/startup-phase.ts';
import { recordStartupPhase } from './events/startup-phase.ts';
import type { ToolDecisionOptions } from './events/tool-decision.ts';
import { toolDecision } from './events/tool-decision.ts';
import type { ToolFailedOptions, ToolResultOptions } from './events/tool-result.ts';
import { logToolFailed, toolResult } from './events/tool-result.ts';
import type { TurnCostOptions } from './events/turn-cost.ts';
import { recordTurnCost } from './events/turn-cost.ts';
import type { TurnTtftOptions } from './events/turn-ttft.ts';
import { recordTurnTtft } from './events/turn-ttft.ts';
import type { UserInput } from './events/user-prompt.ts';
import { userPrompt } from './events/user-prompt.ts';
import type { WebsocketConnectOptions } from './events/websocket-connect.ts';
import { recordWebsocketConnect } from './events/websocket-connect.ts';
import { recordWebsocketEvent } from './events/websocket-event.ts';
import type { WebsocketRequestOptions } from './events/websocket-request.ts';
import { recordWebsocketRequest } from './events/websocket-request.ts';
import type { InferenceRequest, SessionParts } from './session-identity.ts';
import { readAuthEnv, readInferenceRequest, readMetadata, sessionIdentity } from './session-identity.ts';
import type { SessionMemory } from './session-memory.ts';
import { newSessionMemory } from './session-memory.ts';
import type { AuthEnvMetadata, SessionMetadata } from './session-metadata.ts';
import type { SessionSinks } from './session-sinks.ts';
import { readSinks } from './session-sinks.ts';
import { toolOutcome } from './tool-outcome.ts';
import { recordResponses } from './turn/response-span.ts';
import type { SessionTurn, SessionTurnOptions } from './turn/session-turn.ts';
import { startSessionTurn } from './turn/session-turn.ts';
import type {
  SseEventCompletedOptions,
  SseEventFailedOptions,
  SseEventOptions,
  ToolCallOptions,
  TurnSession,
} from './turn/turn-session.ts';
import type { WebsocketEventInput } from './websocket-frame.ts';

/** What a copy of a session shares with it and what it has of its own. */
interface SessionState extends SessionParts {
  readonly logger: Logger | undefined;
  readonly metrics: MetricsSink | undefined;
  readonly tracer: Tracer | undefined;
  readonly metadataTags: boolean;
  readonly serviceName: string | undefined;
  readonly memory: SessionMemory;
}

/**
 * One agent session's telemetry: each call makes the log record, the event on the active span and the metrics that
 * belong to it.
 *
 * No method throws, whatever it gets: what cannot be used is left out, counted in
 * {@link SessionTelemetry.unusableValues} and named on `diag`. The optional last argument of a recording method is
 * the context whose span the log record names and the event goes to; without it that is the active context.
 */
export class SessionTelemetry implements TurnSession {
  #state: SessionState;
  #recorder: EventRecorder;

  constructor(metadata: SessionMetadata, sinks: SessionSinks = {}) {
    const { logger, metrics, tracer } = readSinks(sinks);
    this.#state = {
      metadata: readMetadata(metadata),
      authEnv: {},
      request: {},
      logger,
      metrics: metrics ?? getGlobalMetricsClient(),
      tracer,
      metadataTags: true,
      serviceName: undefined,
      memory: newSessionMemory(),
    };
    this.#recorder = makeRecorder(this.#state);
  }

  /** The thread's id. */
  get conversationId(): string {
    return this.#state.metadata.conversationId;
  }

  /** The model's name as it was given; metric tags have it sanitised. */
  get model(): string {
    return this.#state.metadata.model;
  }

  /** The host's service name, where {@link SessionTelemetry.withMetricsServiceName} set one. */
  get serviceName(): string | undefined {
    return this.#state.serviceName;
  }

  /** Makes the spans of turns that name no tracer of their own. */
  get tracer(): Tracer | undefined {
    return this.#state.tracer;
  }

  /** The metrics client itself, for metrics that do not take the session's tags. */
  get metrics(): MetricsSink | undefined {
    return this.#state.metrics;
  }

  /** How many values were left out so far, in this session and its copies. */
  get unusableValues(): number {
    return this.#state.memory.unusable.count;
  }

  /** A copy for another model. */
  withModel(model: string, slug: string): SessionTelemetry {
    return this.#copy({ metadata: readMetadata({ ...this.#state.metadata, model, slug }) });
  }

  /** A copy that knows about the credentials in the environment. */
  withAuthEnv(authEnv: AuthEnvMetadata): SessionTelemetry {
    return this.#copy({ authEnv: readAuthEnv(authEnv) });
  }

  /** A copy whose usage records name the service tier and the reasoning effort that were asked for. */
  withInferenceRequest(request: InferenceRequest): SessionTelemetry {
    return this.#copy({ request: readInferenceRequest(request) });
  }

  /** A copy whose metrics carry the tag `service_name`. */
  withMetricsServiceName(name: string): SessionTelemetry {
    return this.#copy({ serviceName: typeof name === 'string' ? name : undefined });
  }

  /** A copy that knows the product that it runs in. */
  withProductSku(productSku: string | undefined): SessionTelemetry {
    return this.#copy({ metadata: readMetadata({ ...this.#state.metadata, productSku }) });
  }

  /** A copy that knows the signed-in user. */
  withUserId(userId: string | undefined): SessionTelemetry {
    return this.#copy({ metadata: readMetadata({ ...this.#state.metadata, userId }) });
  }

  /** A copy that shows more or less of a tool's output, in UTF-8 bytes. */
  withToolResultMaxBytes(toolResultMaxBytes: number): SessionTelemetry {
    return this.#copy({ metadata: readMetadata({ ...this.#state.metadata, toolResultMaxBytes }) });
  }

  /** A copy that records its metrics there, with the session's tags. */
  withMetrics(metrics: MetricsSink | undefined): SessionTelemetry {
    return this.#copy({ metrics: readSinks({ metrics }).metrics, metadataTags: true });
  }

  /** A copy that records its metrics there, with none but the tags of each call. */
  withMetricsWithoutMetadataTags(metrics: MetricsSink | undefined): SessionTelemetry {
    return this.#copy({ metrics: readSinks({ metrics }).metrics, metadataTags: false });
  }

  /** Adds to a counter, with the session's tags; those given win. */
  counter(name: string, increment: number, tags?: Tags): void {
    try {
      this.#recorder.count(name, increment, this.#recorder.tags.with(tags));
    } catch (error) {
      this.#recorder.failed('counter', error);
    }
  }

  /** Records a value, with the session's tags; those given win. */
  histogram(name: string, value: number, tags?: Tags): void {
    try {
      this.#recorder.value(name, value, this.#recorder.tags.with(tags));
    } catch (error) {
      this.#recorder.failed('histogram', error);
    }
  }

  /** Records a duration in milliseconds, with the session's tags; those given win. */
  recordDuration(name: string, durationMillis: number, tags?: Tags): void {
    try {
      this.#recorder.duration(name, durationMillis, this.#recorder.tags.with(tags));
    } catch (error) {
      this.#recorder.failed('recordDuration', error);
    }
  }

  /** Starts a timer with the session's tags; without a metrics client it does nothing. */
  startTimer(name: string, tags?: Tags): Timer {
    try {
      const timer = this.#state.metrics?.startTimer(name, this.#recorder.tags.with(tags));
      if (timer !== undefined) return guardedTimer(timer, name, this.#recorder);
    } catch (error) {
      this.#recorder.failed(name, error);
    }
    return noopTimer;
  }

  /** Sends what is left of the metrics and closes their client. */
  async shutdownMetrics(options?: { readonly timeoutMillis?: number | undefined }): Promise<void> {
    await this.#state.metrics?.shutdown?.(options);
  }

  /**
   * What was recorded since the last snapshot.
   *
   * @throws {@link MetricsError} EXPORTER_DISABLED without a metrics client, RUNTIME_SNAPSHOT_UNAVAILABLE when it
   *   has no runtime reader.
   */
  async snapshotMetrics(): Promise<RuntimeSnapshot> {
    const { metrics } = this.#state;
    if (metrics === undefined) throw new MetricsError('EXPORTER_DISABLED', 'the session has no metrics client');
    if (metrics.snapshot === undefined) {
      throw new MetricsError('RUNTIME_SNAPSHOT_UNAVAILABLE', 'the metrics client takes no snapshots');
    }
    return await metrics.snapshot();
  }

  /** Starts the next summary from nothing. */
  async resetRuntimeMetrics(): Promise<void> {
    await this.runtimeMetricsSummary();
  }

  /** Totals since the last summary or snapshot; nothing without a runtime reader or when nothing was recorded. */
  async runtimeMetricsSummary(): Promise<RuntimeMetricsSummary | undefined> {
    try {
      const summary = runtimeMetricsSummary(await this.snapshotMetrics());
      return isEmptyRuntimeMetrics(summary) ? undefined : summary;
    } catch {
      return undefined;
    }
  }

  /** `codex.conversation_starts`: the session begins. */
  conversationStarts(options: ConversationStartsOptions, context?: Context): void {
    this.#recorder.run('conversationStarts', conversationStarts, options, context);
  }

  /** `codex.user_prompt`: the user sent a prompt. */
  userPrompt(items: readonly UserInput[], context?: Context): void {
    this.#recorder.run('userPrompt', userPrompt, items, context);
  }

  /** `codex.api_request`: one attempt at a request, with its counter and duration. */
  recordApiRequest(options: ApiRequestOptions, context?: Context): void {
    this.#recorder.run('recordApiRequest', recordApiRequest, options, context);
  }

  /**
   * Times a request, records its `codex.api_request` and settles as `fn` did. The status is that of the result or
   * of the error, where they have one.
   */
  async logRequest<T>(attempt: number, fn: () => T | PromiseLike<T>, context?: Context): Promise<T> {
    const startedAt = performance.now();
    const record = (outcome: { readonly result?: unknown; readonly error?: unknown }): void =>
      this.recordApiRequest(requestOptions(attempt, performance.now() - startedAt, outcome), context);
    let result: T;
    try {
      result = await fn();
    } catch (error) {
      record({ error: error ?? 'unknown error' });
      throw error;
    }
    record({ result });
    return result;
  }

  /** `codex.sse_event`: a stream event arrived, told of a failure, could not be read, or did not come. */
  logSseEvent(options: SseEventOptions, context?: Context): void {
    this.#recorder.run('logSseEvent', logSseEvent, options, context, isPlainSseEvent);
  }

  /** `codex.sse_event` of a failure, with its counter and duration. */
  sseEventFailed(options: SseEventFailedOptions, context?: Context): void {
    this.#recorder.run('sseEventFailed', sseEventFailed, options, context);
  }

  /** `codex.sse_event` with the usage of a completed response. */
  sseEventCompleted(options: SseEventCompletedOptions, context?: Context): void {
    this.#recorder.run('sseEventCompleted', sseEventCompleted, options, context);
  }

  /** `codex.sse_event` of a completed event that could not be read or never came. */
  sseEventCompletedFailed(options: ErrorOptions, context?: Context): void {
    this.#recorder.run('sseEventCompletedFailed', sseEventCompletedFailed, options, context);
  }

  /** `codex.tool_decision`: a tool call was approved or denied. */
  toolDecision(options: ToolDecisionOptions, context?: Context): void {
    this.#recorder.run('toolDecision', toolDecision, options, context);
  }

  /** `codex.tool_result`: a tool call ended, with its counter and duration. */
  toolResult(options: ToolResultOptions, context?: Context): void {
    this.#recorder.run('toolResult', toolResult, options, context);
  }

  /** Times a tool call, records its `codex.tool_result` and settles as `fn` did. */
  async logToolResult<T>(options: ToolCallOptions<T>, fn: () => T | PromiseLike<T>, context?: Context): Promise<T> {
    const startedAt = performance.now();
    const record = (outcome: { readonly value: T } | { readonly error: unknown }): void => {
      const durationMillis = performance.now() - startedAt;
      this.#recorder.run(
        'logToolResult',
        (recorder, call, at) => toolResult(recorder, { ...call, ...toolOutcome(call, outcome), durationMillis }, at),
        options,
        context,
      );
    };
    let value: T;
    try {
      value = await fn();
    } catch (error) {
      record({ error });
      throw error;
    }
    record({ value });
    return value;
  }

  /** `codex.tool_result` of a call that could not be dispatched; it has no call id and no metric. */
  logToolFailed(options: ToolFailedOptions, context?: Context): void {
    this.#recorder.run('logToolFailed', logToolFailed, options, context);
  }

  /** `codex.turn_ttft`: the first token of a turn came, with its duration. */
  recordTurnTtft(options: TurnTtftOptions, context?: Context): void {
    this.#recorder.run('recordTurnTtft', recordTurnTtft, options, context);
  }

  /** Counts what a WebSocket delivered, and takes the server's timings from it. */
  recordWebsocketEvent(options: WebsocketEventInput, context?: Context): void {
    this.#recorder.run('recordWebsocketEvent', recordWebsocketEvent, options, context);
  }

  /** `codex.websocket_connect`: a socket was opened, or could not be. No metric. */
  recordWebsocketConnect(options: WebsocketConnectOptions, context?: Context): void {
    this.#recorder.run('recordWebsocketConnect', recordWebsocketConnect, options, context);
  }

  /** `codex.websocket_request`: a request went out over a socket, with its counter and duration. */
  recordWebsocketRequest(options: WebsocketRequestOptions, context?: Context): void {
    this.#recorder.run('recordWebsocketRequest', recordWebsocketRequest, options, context);
  }

  /** `codex.auth_recovery`: credentials were renewed, or could not be. No metric. */
  recordAuthRecovery(options: AuthRecoveryOptions, context?: Context): void {
    this.#recorder.run('recordAuthRecovery', recordAuthRecovery, options, context);
  }

  /** `codex.sandbox_outcome`: the sandbox stopped a tool call, or let it run again outside. No metric. */
  sandboxOutcome(options: SandboxOutcomeOptions, context?: Context): void {
    this.#recorder.run('sandboxOutcome', sandboxOutcome, options, context);
  }

  /** `codex.startup_phase`: a phase of starting up ended, with its duration. */
  recordStartupPhase(options: StartupPhaseOptions, context?: Context): void {
    this.#recorder.run('recordStartupPhase', recordStartupPhase, options, context);
  }

  /** `codex.plugin_install_elicitation_sent`, with its counter. */
  recordPluginInstallElicitationSent(options: PluginInstallElicitationOptions, context?: Context): void {
    this.#recorder.run('recordPluginInstallElicitationSent', recordPluginInstallElicitationSent, options, context);
  }

  /** `codex.plugin_install_suggestion`, with its counter. */
  recordPluginInstallSuggestion(options: PluginInstallSuggestionOptions, context?: Context): void {
    this.#recorder.run('recordPluginInstallSuggestion', recordPluginInstallSuggestion, options, context);
  }

  /** `codex.skill_invocation`: a skill was used; an implicit use is told once for each skill and turn. */
  skillInvocation(options: SkillInvocationOptions, context?: Context): void {
    this.#recorder.run('skillInvocation', skillInvocation, options, context);
  }

  /** `codex.agent_response`: a final answer, once for each item of a turn. Only with `logAgentResponses`. */
  agentResponse(options: AgentResponseOptions, context?: Context): void {
    this.#recorder.run('agentResponse', agentResponse, options, context);
  }

  /** Records the final answers among a turn's items, by {@link SessionTelemetry.agentResponse}. */
  agentResponseLogger(turn: AgentResponseTurn): AgentResponseLogger {
    return new AgentResponseLogger(turn, (options, context) => this.agentResponse(options, context));
  }

  /** `codex.guardian_assessment`: an automatic review ended. Only with `logGuardianAssessments`. */
  guardianAssessment(options: GuardianAssessmentOptions, context?: Context): void {
    this.#recorder.run('guardianAssessment', guardianAssessment, options, context);
  }

  /** Counts an automatic review and records its duration, time to first token and tokens. It makes no record. */
  recordGuardianReview(options: GuardianReviewOptions, context?: Context): void {
    this.#recorder.run('recordGuardianReview', recordGuardianReview, options, context);
  }

  /** `codex.agent_communication`: one agent wrote to another. */
  agentCommunication(options: AgentCommunicationOptions, context?: Context): void {
    this.#recorder.run('agentCommunication', agentCommunication, options, context);
  }

  /** `codex.turn_cost`: the back end estimated what a turn cost, with its counter in millionths of a dollar. */
  recordTurnCost(options: TurnCostOptions, context?: Context): void {
    this.#recorder.run('recordTurnCost', recordTurnCost, options, context);
  }

  /**
   * Starts a turn: its span, which its streams, requests and tools hang on, and its metrics. End it with
   * {@link SessionTurn.end}.
   */
  startTurn(options: SessionTurnOptions): SessionTurn {
    try {
      return startSessionTurn(this, options);
    } catch (error) {
      this.#recorder.failed('startTurn', error);
      return startSessionTurn(this, { turnId: '' });
    }
  }

  /**
   * Puts what a response event says on its `handle_responses` span: its kind in `codex.response.event`, and the
   * usage of a completed response. Turns that observe a stream do this by themselves.
   */
  recordResponses(span: Span, event: unknown): void {
    try {
      recordResponses(span, event, { conversationId: this.conversationId });
    } catch (error) {
      this.#recorder.failed('recordResponses', error);
    }
  }

  #copy(changes: Partial<SessionState>): SessionTelemetry {
    const copy = new SessionTelemetry(this.#state.metadata);
    copy.#state = { ...this.#state, ...changes };
    copy.#recorder = makeRecorder(copy.#state);
    return copy;
  }
}

/** What a metrics client gives as a snapshot. */
export type RuntimeSnapshot = Awaited<ReturnType<NonNullable<MetricsSink['snapshot']>>>;

function makeRecorder(state: SessionState): EventRecorder {
  const identity = sessionIdentity(state);
  const { authMode, originator, model, appVersion } = identity.metadata;
  const tags = state.metadataTags
    ? sessionMetricTags({
        authMode,
        sessionSource: identity.sourceText,
        originator,
        serviceName: state.serviceName,
        model,
        appVersion,
      })
    : {};
  return new EventRecorder(identity, state, tags, state.memory);
}

const noopTimer: Timer = { record: () => undefined, [Symbol.dispose]: () => undefined };

/** A timer of which a failure goes no further than `diag`. */
function guardedTimer(timer: Timer, name: string, recorder: EventRecorder): Timer {
  const guard = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      recorder.failed(name, error);
    }
  };
  return {
    record: (tags) => guard(() => timer.record(tags)),
    [Symbol.dispose]: () => guard(() => timer[Symbol.dispose]()),
  };
}
