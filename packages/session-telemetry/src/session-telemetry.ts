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
import type { SessionEventMethods } from './events/registry.ts';
import { events } from './events/registry.ts';
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
import type { ToolCallOptions } from './turn/turn-session.ts';

/**
 * A class that has the recording methods only in its type. The session's static block defines them, since nothing
 * else can reach its recorder.
 */
const SessionEvents: new () => SessionEventMethods = class {} as new () => SessionEventMethods;

/** Everything that a session consists of; a copy of it differs in some of these. */
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
 * The telemetry of one agent session. Each recording method makes a log record, an event on the active span, and the
 * metrics that belong to them.
 *
 * Unless documented otherwise, no method throws, whatever it is given. A value that cannot be used is left out, counted
 * in {@link SessionTelemetry.unusableValues}, and reported once on `diag` by name. The last argument of a recording
 * method is the context of the record: its span is named in the log record and gets the event. It defaults to the
 * active context.
 */
export class SessionTelemetry extends SessionEvents {
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

  /**
   * Makes the telemetry of a session. Never throws: invalid metadata is replaced by defaults.
   *
   * @param metadata - Who the session is, and what may be recorded of it.
   * @param sinks - Where the telemetry goes. Without a logger nothing is logged.
   */
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

  /** The thread's id; empty if none was given. */
  get conversationId(): string {
    return this.#state.metadata.conversationId;
  }

  /** The model's name as it was given. Metric tags carry it sanitised. */
  get model(): string {
    return this.#state.metadata.model;
  }

  /** The host's service name; `undefined` unless {@link SessionTelemetry.withMetricsServiceName} set one. */
  get serviceName(): string | undefined {
    return this.#state.serviceName;
  }

  /** The tracer for turns that have none of their own; `undefined` means the global one. */
  get tracer(): Tracer | undefined {
    return this.#state.tracer;
  }

  /** How turns follow the GenAI conventions; `undefined` if they do not. */
  get genAi(): GenAiMode | undefined {
    return this.#state.metadata.genAi;
  }

  /** The agent's name; `undefined` if none was given. */
  get agentName(): string | undefined {
    return this.#state.metadata.agentName;
  }

  /** Whether the content of model calls is recorded by the GenAI conventions. */
  get recordsInferenceDetails(): boolean {
    const { logUserPrompts, logAgentResponses, genAi } = this.#state.metadata;
    return genAi !== undefined && (logUserPrompts === true || logAgentResponses === true);
  }

  /** The metrics client itself, for metrics without the session's tags; `undefined` if there is none. */
  get metrics(): MetricsSink | undefined {
    return this.#state.metrics;
  }

  /** How many values this session and its copies left out so far because they could not be used. */
  get unusableValues(): number {
    return this.#state.memory.unusable.count;
  }

  /** A copy for another model. */
  withModel(model: string, slug: string): SessionTelemetry {
    return this.#withMetadata({ model, slug });
  }

  /** A copy that records which credentials the environment has. */
  withAuthEnv(authEnv: AuthEnvMetadata): SessionTelemetry {
    return this.#copy({ authEnv: readAuthEnv(authEnv) });
  }

  /** A copy whose usage records carry the requested service tier and reasoning effort. */
  withInferenceRequest(request: InferenceRequest): SessionTelemetry {
    return this.#copy({ request: readInferenceRequest(request) });
  }

  /** A copy whose metrics carry the tag `service_name`, and whose turns take it as the name of the global tracer. */
  withMetricsServiceName(name: string): SessionTelemetry {
    return this.#copy({ serviceName: typeof name === 'string' ? name : undefined });
  }

  /** A copy with another product, see {@link SessionMetadata.productSku}. */
  withProductSku(productSku: string | undefined): SessionTelemetry {
    return this.#withMetadata({ productSku });
  }

  /** A copy with another signed-in user, see {@link SessionMetadata.userId}. */
  withUserId(userId: string | undefined): SessionTelemetry {
    return this.#withMetadata({ userId });
  }

  /** A copy whose log records show this much of a tool's output, in UTF-8 bytes. */
  withToolResultMaxBytes(toolResultMaxBytes: number): SessionTelemetry {
    return this.#withMetadata({ toolResultMaxBytes });
  }

  /**
   * A copy that records its metrics with this client and the session's tags; with `undefined` it records no metrics.
   */
  withMetrics(metrics: MetricsSink | undefined): SessionTelemetry {
    return this.#copy({ metrics: readSinks({ metrics }).metrics, metadataTags: true });
  }

  /** The same as {@link SessionTelemetry.withMetrics}, but without the session's tags. */
  withMetricsWithoutMetadataTags(metrics: MetricsSink | undefined): SessionTelemetry {
    return this.#copy({ metrics: readSinks({ metrics }).metrics, metadataTags: false });
  }

  /** Adds to a counter. The session's tags are added to those given, which win. */
  counter(name: string, increment: number, tags?: Tags): void {
    const recorder = this.#recorder;
    recorder.attempt('counter', () => recorder.count(name, increment, recorder.tags.with(tags)));
  }

  /** Records a value in a histogram. The session's tags are added to those given, which win. */
  histogram(name: string, value: number, tags?: Tags): void {
    const recorder = this.#recorder;
    recorder.attempt('histogram', () => recorder.value(name, value, recorder.tags.with(tags)));
  }

  /** Records a duration in milliseconds. The session's tags are added to those given, which win. */
  recordDuration(name: string, durationMillis: number, tags?: Tags): void {
    const recorder = this.#recorder;
    recorder.attempt('recordDuration', () => recorder.duration(name, durationMillis, recorder.tags.with(tags)));
  }

  /** Starts a timer with the session's tags. Without a metrics client the timer does nothing. It never throws. */
  startTimer(name: string, tags?: Tags): Timer {
    const recorder = this.#recorder;
    let timer: Timer | undefined;
    recorder.attempt(name, () => {
      timer = this.#state.metrics?.startTimer(name, recorder.tags.with(tags));
    });
    return {
      record: (more) => recorder.attempt(name, () => timer?.record(more)),
      [Symbol.dispose]: () => recorder.attempt(name, () => timer?.[Symbol.dispose]()),
    };
  }

  /**
   * Sends the remaining metrics and closes the metrics client. Rejects as the client does.
   *
   * @param options - Passed to the client; `timeoutMillis` bounds the wait.
   */
  async shutdownMetrics(options?: { readonly timeoutMillis?: number | undefined }): Promise<void> {
    await this.#state.metrics?.shutdown?.(options);
  }

  /**
   * Takes what the metrics client recorded since the last snapshot.
   *
   * @throws `MetricsError` of `@codex-otel/metrics`: `EXPORTER_DISABLED` without a metrics client,
   *   `RUNTIME_SNAPSHOT_UNAVAILABLE` if the client has no runtime reader.
   */
  async snapshotMetrics(): Promise<RuntimeSnapshot> {
    const { metrics } = this.#state;
    if (metrics === undefined) throw new MetricsError('EXPORTER_DISABLED', 'the session has no metrics client');
    if (metrics.snapshot === undefined) {
      throw new MetricsError('RUNTIME_SNAPSHOT_UNAVAILABLE', 'the metrics client takes no snapshots');
    }
    return await metrics.snapshot();
  }

  /** Discards what was recorded so far, so that the next summary starts from zero. */
  async resetRuntimeMetrics(): Promise<void> {
    await this.runtimeMetricsSummary();
  }

  /** Totals since the last summary or snapshot; `undefined` without a runtime reader, or if nothing was recorded. */
  async runtimeMetricsSummary(): Promise<RuntimeMetricsSummary | undefined> {
    try {
      const summary = runtimeMetricsSummary(await this.snapshotMetrics());
      return isEmptyRuntimeMetrics(summary) ? undefined : summary;
    } catch {
      return undefined;
    }
  }

  /**
   * Runs and times a request, records it as `codex.api_request`, and settles as `fn` does. The HTTP status is taken from
   * the result or the error (`status`, `statusCode` or `response.status`).
   *
   * @param attempt - Counts from 0.
   */
  async logRequest<T>(attempt: number, fn: () => T | PromiseLike<T>, context?: Context): Promise<T> {
    const startedAt = performance.now();
    return settling(fn, (settled) => {
      const outcome = 'error' in settled ? { error: settled.error ?? 'unknown error' } : { result: settled.value };
      this.recordApiRequest(requestOptions(attempt, performance.now() - startedAt, outcome), context);
    });
  }

  /** Runs and times a tool call, records it as `codex.tool_result`, and settles as `fn` does. */
  async logToolResult<T>(options: ToolCallOptions<T>, fn: () => T | PromiseLike<T>, context?: Context): Promise<T> {
    const startedAt = performance.now();
    return settling(fn, (outcome) => {
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
    });
  }

  /** Makes a recorder that finds the final answers among a turn's items. */
  agentResponseLogger(turn: AgentResponseTurn): AgentResponseLogger {
    return new AgentResponseLogger(turn, (options, context) => this.agentResponse(options, context));
  }

  /**
   * Starts a turn: its span, below which streams, requests and tools make theirs, and its metrics. End it with
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

  /** The turns of this session and its copies that have not ended, oldest first. */
  openTurns(): readonly OpenTurn[] {
    return this.#state.memory.openTurns.list();
  }

  /**
   * Sets the attributes of an event of the Responses API on its `handle_responses` span: its kind in
   * `codex.response.event`, and the usage of a completed response. Turns that observe a stream do this by themselves.
   */
  recordResponses(span: Span, event: unknown): void {
    this.#recorder.attempt('recordResponses', () => {
      const { conversationId, model } = this;
      const genAi = readGenAi({}, this, { conversationId, model, reasoningLevel: undefined });
      recordResponses(span, event, conversationId, genAi);
    });
  }

  #withMetadata(changes: Partial<SessionMetadata>): SessionTelemetry {
    return this.#copy({ metadata: readMetadata({ ...this.#state.metadata, ...changes }) });
  }

  #copy(changes: Partial<SessionState>): SessionTelemetry {
    const copy = new SessionTelemetry(this.#state.metadata);
    copy.#state = { ...this.#state, ...changes };
    copy.#recorder = makeRecorder(copy.#state);
    return copy;
  }
}

/** A snapshot of a metrics client. */
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

/** Runs a function, records its result or error, and then settles as the function did. */
async function settling<T>(
  fn: () => T | PromiseLike<T>,
  record: (settled: { readonly value: T } | { readonly error: unknown }) => void,
): Promise<T> {
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
