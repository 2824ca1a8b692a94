import { OTEL_TRACE_SAFE_TARGET } from '@codex-otel/config';
import type { MetricsSink, Tags } from '@codex-otel/metrics';
import type { Attributes, Context, Logger, Span } from '@opentelemetry/api';
import { context as contextApi, trace } from '@opentelemetry/api';
import type { AttributePlan } from './attribute-definition.ts';
import { timestampAttribute } from './common-attributes.ts';
import { isErrorWord, isIdentifier } from './error-description.ts';
import type {
  AttributeNames,
  AttributeTable,
  ComputedValues,
  EventDefinition,
  EventOptions,
} from './event-definition.ts';
import { EventTime } from './event-time.ts';
import { EventValues } from './event-values.ts';
import { property } from './property.ts';
import type { SessionEvent } from './session-event.ts';
import type { SessionIdentity } from './session-identity.ts';
import type { SessionMemory } from './session-memory.ts';
import { SessionTags } from './session-tags.ts';

/** Where a session's telemetry goes. */
export interface RecorderSinks {
  readonly logger: Logger | undefined;
  /** Makes loggers for events with a scope of their own. @defaultValue `logger` takes them */
  readonly loggerFor?: ((target: string) => Logger) | undefined;
  readonly metrics: MetricsSink | undefined;
}

/** Every event has the severity INFO. */
const severityNumber = 9;
const severityText = 'INFO';

/** How many log records are made before a logger is asked again whether it is enabled: asking can cost as much as a metric. */
const recordsOnTrust = 64;

/** Turns the calls of a session into log records, span events and metrics, by the definitions of the events. */
export class EventRecorder {
  readonly identity: SessionIdentity;
  readonly metrics: MetricsSink | undefined;
  readonly tags: SessionTags;
  readonly memory: SessionMemory;
  readonly logger: Logger | undefined;
  readonly #loggerFor: RecorderSinks['loggerFor'];
  readonly #scopedLoggers = new Map<string, Logger>();
  #trusted = 0;
  readonly #time = new EventTime();
  readonly #templates = new Map<EventDefinition['plans'], Record<string, string>>();

  constructor(identity: SessionIdentity, sinks: RecorderSinks, sessionTags: Tags, memory: SessionMemory) {
    this.identity = identity;
    this.metrics = sinks.metrics;
    this.logger = sinks.logger;
    this.#loggerFor = sinks.loggerFor;
    this.tags = new SessionTags(sessionTags);
    this.memory = memory;
  }

  /** Whether a log record would be received now. A logger that is enabled is not asked each time. */
  get logs(): boolean {
    if (this.logger === undefined) return false;
    if (this.#trusted > 0) {
      this.#trusted -= 1;
      return true;
    }
    const enabled = isEnabled(this.logger);
    if (enabled) this.#trusted = recordsOnTrust;
    return enabled;
  }

  /** Records an event. Errors are counted and reported, not thrown. */
  run<O>(method: string, event: SessionEvent<O>, options: O, context: Context | undefined): void {
    try {
      // If nothing is on, a stream's thousands of events must cost next to nothing, so no span is looked up needlessly.
      if (this.#isSilent && (event.isLogOnly?.(options) === true || recordingSpan(context) === undefined)) return;
      if (options === null || typeof options !== 'object') {
        this.memory.unusable.report(method, 'called without options');
        return;
      }
      event.record(this, options, context);
    } catch (error) {
      this.failed(method, error);
    }
  }

  /** Runs a step. Errors are counted and reported, not thrown. */
  attempt(method: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.failed(method, error);
    }
  }

  /** Counts and reports that a whole call failed. */
  failed(method: string, error: unknown): void {
    const name = property(error, 'code') ?? property(error, 'name');
    this.memory.unusable.report(method, isIdentifier(name) ? name : 'failed');
  }

  /** Whether an event would make a log record or a span event. */
  isRecording(context: Context | undefined): boolean {
    return this.logs || recordingSpan(context) !== undefined;
  }

  /**
   * Records an event. Each attribute is read from `computed`, or else from where its definition says. A value that cannot
   * be used does not affect the others.
   *
   * @param further - More attributes for the log record, which the event's definition does not have.
   */
  emit<A extends AttributeTable>(
    definition: EventDefinition<A>,
    options: EventOptions<A>,
    computed: ComputedValues<A>,
    context: Context | undefined,
    further?: Attributes,
  ): void {
    const { identity } = this;
    if (definition.onlyWith !== undefined && !identity.settings[definition.onlyWith]) return;
    const logger = definition.logged && this.logs ? this.#loggerOf(definition) : undefined;
    const span = definition.traced ? recordingSpan(context) : undefined;
    if (logger === undefined && span === undefined) return;

    const { name } = definition;
    const now = Date.now();
    const timestamp = this.#time.text(now);
    const onLog: Attributes = { 'event.name': name };
    const onTrace: Attributes = {
      level: definition.level ?? severityText,
      target: OTEL_TRACE_SAFE_TARGET,
      'event.name': name,
    };
    const values = new EventValues(this, definition, options, computed, timestamp, logger !== undefined);
    for (const plan of definition.plans) {
      const value = values.of(plan);
      if (value === undefined) {
        if (plan.whenAbsentOnTrace !== undefined) onTrace[plan.name] = plan.whenAbsentOnTrace;
        continue;
      }
      if (plan.on !== 'trace') onLog[plan.name] = value;
      if (this.#isTraced(plan, value)) onTrace[plan.name] = plan.type === 'uint' ? String(value) : value;
    }
    if (definition.common !== 'none') {
      onLog[timestampAttribute.name] = timestamp;
      onTrace[timestampAttribute.name] = timestamp;
      Object.assign(onLog, identity.logAttributes);
      Object.assign(onTrace, identity.traceAttributes);
    }
    if (further !== undefined) Object.assign(onLog, further);
    span?.addEvent(name, onTrace, now);
    if (logger !== undefined) this.#emitLog(logger, name, now, onLog, context);
  }

  /**
   * Records a log-only event of the hot path: copies a template that has all attributes in order, and lets `fill` set the
   * event's own.
   */
  emitFromTemplate<A extends AttributeTable>(
    definition: EventDefinition<A>,
    fill: (attributes: Record<AttributeNames<A>, string>, first: string, second: number) => void,
    first: string,
    second: number,
    context: Context | undefined,
  ): void {
    const logger = this.logger;
    if (logger === undefined || !this.logs) return;
    const attributes = { ...(this.#templates.get(definition.plans) ?? this.#makeTemplate(definition)) };
    const now = Date.now();
    fill(attributes, first, second);
    attributes[timestampAttribute.name] = this.#time.text(now);
    this.#emitLog(logger, definition.name, now, attributes, context);
  }

  /** Adds to a counter. A refusal of the metrics client is counted and reported, not thrown. */
  count(name: string, increment: number, tags: Tags): void {
    try {
      this.metrics?.counter(name, increment, tags);
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** Records a value, in the same way. */
  value(name: string, value: number, tags: Tags): void {
    try {
      this.metrics?.histogram(name, value, tags);
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** Records a duration, in the same way. An invalid one is counted and left out, since 0 would be a wrong sample. */
  duration(name: string, millis: unknown, tags: Tags): void {
    if (this.metrics === undefined) return;
    if (typeof millis !== 'number' || !(millis >= 0) || millis === Number.POSITIVE_INFINITY) {
      this.memory.unusable.report(name, 'not a duration');
      return;
    }
    try {
      this.metrics.recordDuration(name, millis, tags);
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** Whether neither a log record nor a metric would be received now. */
  get #isSilent(): boolean {
    return this.metrics === undefined && !this.logs;
  }

  #emitLog(logger: Logger, eventName: string, timestamp: number, attributes: Attributes, context?: Context): void {
    logger.emit({
      eventName,
      timestamp,
      // Without it loggers ask the clock again, which is a large part of what a record costs.
      observedTimestamp: timestamp,
      severityNumber,
      severityText,
      attributes,
      context: context ?? contextApi.active(),
    });
  }

  #loggerOf({ scope }: Pick<EventDefinition, 'scope'>): Logger | undefined {
    if (scope === undefined || this.#loggerFor === undefined) return this.logger;
    const known = this.#scopedLoggers.get(scope);
    if (known !== undefined) return known;
    const made = this.#loggerFor(scope);
    this.#scopedLoggers.set(scope, made);
    return made;
  }

  #makeTemplate({ name, plans }: Pick<EventDefinition, 'name' | 'plans'>): Record<string, string> {
    const template: Record<string, string> = { 'event.name': name };
    for (const plan of plans) template[plan.name] = '';
    Object.assign(template, { [timestampAttribute.name]: '' }, this.identity.logAttributes);
    this.#templates.set(plans, template);
    return template;
  }

  #isTraced(plan: AttributePlan, value: unknown): boolean {
    const { traceErrorMessages } = this.identity.settings;
    if (plan.on === 'log') return plan.tracedOnRequest === true && traceErrorMessages;
    return plan.wordOnTrace !== true || isErrorWord(value) || traceErrorMessages;
  }
}

/** The span that an event goes to, in the given or else the active context; `undefined` if it is not recording. */
export function recordingSpan(context: Context | undefined): Span | undefined {
  const span = context === undefined ? trace.getActiveSpan() : trace.getSpan(context);
  return span?.isRecording() ? span : undefined;
}

/** Loggers from before `enabled` existed are always enabled. */
function isEnabled(logger: Logger): boolean {
  return typeof logger.enabled !== 'function' || logger.enabled();
}
