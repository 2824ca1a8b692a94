import type { MetricsSink, RuntimeMetricsSummary, Tags, Timer } from '@codex-otel/metrics';
import {
  getGlobalMetricsClient,
  isEmptyRuntimeMetrics,
  MetricsError,
  reportForeignApi,
  runtimeMetricsSummary,
  sessionMetricTags,
} from '@codex-otel/metrics';
import type { Context, Logger, Span, Tracer } from '@opentelemetry/api';
import { AgentResponseLogger } from './agent-response-logger.ts';
import { EventRecorder } from './event-recorder.ts';
import type { AgentResponseTurn } from './events/agent-response.ts';
import { requestOptions } from './events/api-request.ts';
import * as events from './events/registry.ts';
import type { SessionEvent } from './session-event.ts';
import type { InferenceRequest, SessionParts } from './session-identity.ts';
import { readAuthEnv, readInferenceRequest, readMetadata, sessionIdentity } from './session-identity.ts';
import type { SessionMemory } from './session-memory.ts';
import { newSessionMemory } from './session-memory.ts';
import type { AuthEnvMetadata, SessionMetadata } from './session-metadata.ts';
import type { SessionSinks } from './session-sinks.ts';
import { readSinks } from './session-sinks.ts';
import { toolOutcome } from './tool-outcome.ts';
import type { GenAiMode } from './turn/gen-ai/gen-ai.ts';
import { readGenAi } from './turn/gen-ai/gen-ai.ts';
import type { OpenTurn } from './turn/open-turns.ts';
import { startSessionTurn } from './turn/recorded-turn.ts';
import { recordResponses } from './turn/response-span.ts';
import type { SessionTurn, SessionTurnOptions } from './turn/session-turn.ts';
import type { ToolCallOptions, TurnSession } from './turn/turn-session.ts';

/** The calls of the registry as methods. */
export type SessionEventMethods = {
  readonly [M in keyof typeof events]: (
    options: (typeof events)[M] extends SessionEvent<infer O> ? O : never,
    context?: Context,
  ) => void;
};

/** A class with those methods by type alone; the session itself defines them, which alone can reach its recorder. */
const SessionEvents: new () => SessionEventMethods = class {} as new () => SessionEventMethods;

/** What a copy of a session shares with it and what it has of its own. */
interface SessionState extends SessionParts {
  readonly logger: Logger | undefined;
  readonly loggerFor: SessionSinks['loggerFor'];
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
export class SessionTelemetry extends SessionEvents implements TurnSession {
  #state: SessionState;
  #recorder: EventRecorder;

  static {
    for (const [method, event] of Object.entries<SessionEvent<never>>(events)) {
      Object.defineProperty(SessionTelemetry.prototype, method, {
        configurable: true,
        writable: true,
        value: function record(this: SessionTelemetry, options: never, context?: Context): void {
          this.#recorder.run(method, event, options, context);
        },
      });
    }
  }

  constructor(metadata: SessionMetadata, sinks: SessionSinks = {}) {
    super();
    const { logger, loggerFor, metrics, tracer } = readSinks(sinks);
    reportForeignApi();
    this.#state = {
      metadata: readMetadata(metadata),
      authEnv: {},
      request: {},
      logger,
      loggerFor,
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

  /** How turns follow the GenAI conventions. */
  get genAi(): GenAiMode | undefined {
    return this.#state.metadata.genAi;
  }

  /** The agent's name, where it was given one. */
  get agentName(): string | undefined {
    return this.#state.metadata.agentName;
  }

  /** Whether the content of calls of a model is recorded by the GenAI conventions. */
  get recordsInferenceDetails(): boolean {
    const { logUserPrompts, logAgentResponses, genAi } = this.#state.metadata;
    return genAi !== undefined && (logUserPrompts === true || logAgentResponses === true);
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
   * @throws `MetricsError` of `@codex-otel/metrics`, EXPORTER_DISABLED without a metrics client,
   *   RUNTIME_SNAPSHOT_UNAVAILABLE when it has no runtime reader.
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

  /** Times a tool call, records its `codex.tool_result` and settles as `fn` did. */
  async logToolResult<T>(options: ToolCallOptions<T>, fn: () => T | PromiseLike<T>, context?: Context): Promise<T> {
    const startedAt = performance.now();
    const record = (outcome: { readonly value: T } | { readonly error: unknown }): void => {
      const durationMillis = performance.now() - startedAt;
      this.#recorder.run(
        'logToolResult',
        {
          definitions: events.toolResult.definitions,
          record: (recorder, call, at) =>
            events.toolResult.record(recorder, { ...call, ...toolOutcome(call, outcome), durationMillis }, at),
        },
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

  /** Records the final answers among a turn's items, by {@link SessionTelemetry.agentResponse}. */
  agentResponseLogger(turn: AgentResponseTurn): AgentResponseLogger {
    return new AgentResponseLogger(turn, (options, context) => this.agentResponse(options, context));
  }

  /**
   * Starts a turn: its span, which its streams, requests and tools hang on, and its metrics. End it with
   * {@link SessionTurn.end}.
   */
  startTurn(options: SessionTurnOptions): SessionTurn {
    const { memory, metadata } = this.#state;
    const keeping = { openTurns: memory.openTurns, progressIntervalMillis: metadata.openTurnIntervalMillis };
    try {
      return startSessionTurn(this, options, keeping);
    } catch (error) {
      this.#recorder.failed('startTurn', error);
      return startSessionTurn(this, { turnId: '' }, keeping);
    }
  }

  /** The turns of this session and its copies that have not ended, in the order in which they started. */
  openTurns(): readonly OpenTurn[] {
    return this.#state.memory.openTurns.list();
  }

  /**
   * Puts what a response event says on its `handle_responses` span: its kind in `codex.response.event`, and the
   * usage of a completed response. Turns that observe a stream do this by themselves.
   */
  recordResponses(span: Span, event: unknown): void {
    try {
      const { conversationId, model } = this;
      const genAi = readGenAi({}, this, { conversationId, model, reasoningLevel: undefined });
      recordResponses(span, event, { conversationId, genAi });
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
