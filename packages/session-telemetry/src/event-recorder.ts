import { OTEL_TRACE_SAFE_TARGET } from '@codex-otel/config';
import type { MetricsSink, Tags } from '@codex-otel/metrics';
import type { Attributes, Context, Logger, Span } from '@opentelemetry/api';
import { context as contextApi, trace } from '@opentelemetry/api';
import { sentValue, wholeMillis } from './attribute-value.ts';
import { timestampAttribute } from './common-attributes.ts';
import type { ErrorOptions } from './error-description.ts';
import { describeError, isErrorWord, isIdentifier, property, UNKNOWN_ERROR_TYPE } from './error-description.ts';
import type { AttributePlan, ContentField, EventDefinition } from './event-definition.ts';
import { attributePlans } from './event-definition.ts';
import { EventTime } from './event-time.ts';
import type { SessionIdentity } from './session-identity.ts';
import type { SessionMemory } from './session-memory.ts';
import { TagSets } from './tag-sets.ts';
import { REDACTED, utf8Prefix } from './text-limits.ts';

/** Where a session's telemetry goes. */
export interface RecorderSinks {
  readonly logger: Logger | undefined;
  readonly metrics: MetricsSink | undefined;
}

/** Content that went through the redaction. */
export interface ContentWindow {
  readonly text: string;
  readonly whole: boolean;
}

/** INFO; every event has this severity. */
const severityNumber = 9;
const severityText = 'INFO';

/** Log records for which a logger that said to be on is believed: asking costs some loggers as much as a metric. */
const recordsOnTrust = 64;

/** Characters beyond a limit that the redaction still sees, so that no secret is cut before it can be recognised. */
const redactionMargin = 65_536;

/** UTF-8 bytes of an error's text. */
const errorMaxBytes = 65_536;

/** Turns the calls of a session into log records, span events and metrics, as the event definitions say. */
export class EventRecorder {
  readonly identity: SessionIdentity;
  readonly metrics: MetricsSink | undefined;
  readonly tags: TagSets;
  readonly memory: SessionMemory;
  readonly #logger: Logger | undefined;
  #trusted = 0;
  readonly #time = new EventTime();
  readonly #templates = new Map<EventDefinition, Attributes>();

  constructor(identity: SessionIdentity, sinks: RecorderSinks, sessionTags: Tags, memory: SessionMemory) {
    this.identity = identity;
    this.metrics = sinks.metrics;
    this.#logger = sinks.logger;
    this.tags = new TagSets(sessionTags);
    this.memory = memory;
  }

  get logger(): Logger | undefined {
    return this.#logger;
  }

  /** Whether anybody would receive a log record now. A logger that is on is not asked each time. */
  get logs(): boolean {
    if (this.#logger === undefined) return false;
    if (this.#trusted > 0) {
      this.#trusted -= 1;
      return true;
    }
    const enabled = isEnabled(this.#logger);
    if (enabled) this.#trusted = recordsOnTrust;
    return enabled;
  }

  /**
   * Calls the function that records an event; whatever goes wrong in it stays here.
   *
   * @param noSpanEvent - Tells options that make no span event.
   */
  run<O>(
    method: string,
    record: (recorder: EventRecorder, options: O, context: Context | undefined) => void,
    options: O,
    context: Context | undefined,
    noSpanEvent?: (options: O) => boolean,
  ): void {
    try {
      // Switched off, a stream's thousands of events must cost next to nothing: no look for a span that gets none.
      if (this.#isSilent && (noSpanEvent?.(options) === true || recordingSpan(context) === undefined)) return;
      if (options === null || typeof options !== 'object') {
        this.memory.unusable.report(method, 'called without options');
        return;
      }
      record(this, options, context);
    } catch (error) {
      this.failed(method, error);
    }
  }

  /** Notes that a call failed as a whole. */
  failed(method: string, error: unknown): void {
    const name = property(error, 'code') ?? property(error, 'name');
    this.memory.unusable.report(method, isIdentifier(name) ? name : 'failed');
  }

  /** Whether an event would be recorded at all; metrics do not count. */
  isRecording(context: Context | undefined): boolean {
    return this.logs || recordingSpan(context) !== undefined;
  }

  /**
   * Records an event. Its attributes are read from `computed` by their name, else from `options` by the option that
   * is named after them, one by one: a value that cannot be used takes no other with it.
   */
  emit(
    definition: EventDefinition,
    options: object,
    computed: Readonly<Record<string, unknown>>,
    context: Context | undefined,
  ): void {
    const logger = this.logs ? this.#logger : undefined;
    const span = definition.signals === 'both' ? recordingSpan(context) : undefined;
    if (logger === undefined && span === undefined) return;

    const name = definition.name;
    const now = Date.now();
    const timestamp = this.#time.text(now);
    const onLog: Attributes = { 'event.name': name };
    const onTrace: Attributes = { level: severityText, target: OTEL_TRACE_SAFE_TARGET, 'event.name': name };
    for (const plan of attributePlans(definition)) {
      const value =
        plan.name === timestampAttribute.name ? timestamp : this.#value(definition, plan, options, computed);
      if (value === undefined) {
        if (plan.whenAbsentOnTrace !== undefined) onTrace[plan.name] = plan.whenAbsentOnTrace;
        continue;
      }
      if (plan.on !== 'trace') onLog[plan.name] = value;
      if (this.#isTraced(plan, value)) onTrace[plan.name] = value;
    }
    if (definition.common !== 'none') {
      onLog[timestampAttribute.name] = timestamp;
      onTrace[timestampAttribute.name] = timestamp;
      Object.assign(onLog, this.identity.logAttributes);
      Object.assign(onTrace, this.identity.traceAttributes);
    }
    span?.addEvent(name, onTrace, now);
    if (logger !== undefined) this.#emitLog(logger, name, now, onLog, context);
  }

  /**
   * Records a log-only event of the hot path: its attributes are copied from a template, whose keys stand in their
   * order already, and `fill` sets the event's own.
   */
  emitFromTemplate(
    definition: EventDefinition,
    fill: (attributes: Attributes, first: string, second: number) => void,
    first: string,
    second: number,
    context: Context | undefined,
  ): void {
    const logger = this.#logger;
    if (logger === undefined || !this.logs) return;
    const attributes = { ...(this.#templates.get(definition) ?? this.#makeTemplate(definition)) };
    const now = Date.now();
    fill(attributes, first, second);
    attributes[timestampAttribute.name] = this.#time.text(now);
    this.#emitLog(logger, definition.name, now, attributes, context);
  }

  /** Adds to a counter; a refusal of the metrics client is counted and goes no further. */
  count(name: string, increment: number, tags: Tags): void {
    try {
      this.metrics?.counter(name, increment, tags);
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** Records a value; a refusal of the metrics client is counted and goes no further. */
  value(name: string, value: number, tags: Tags): void {
    try {
      this.metrics?.histogram(name, value, tags);
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** Records a duration; one that is none is counted and left out, since 0 would be a wrong sample. */
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

  /** Content as it may leave the process: through the hook, at most `maxBytes` and what the hook adds. */
  content(field: ContentField, text: string, maxBytes: number): string {
    return this.contentWindow(field, text, maxBytes).text;
  }

  /** The same, and whether the hook saw all of the text. */
  contentWindow(field: ContentField, text: string, maxBytes: number): ContentWindow {
    const { redact } = this.identity;
    if (redact === undefined) return { text, whole: true };
    try {
      const window = utf8Prefix(text, maxBytes + redactionMargin);
      const redacted: unknown = redact(field, window);
      if (typeof redacted === 'string') return { text: redacted, whole: window.length === text.length };
      this.memory.unusable.report('redact', 'gave no text');
    } catch {
      this.memory.unusable.report('redact', 'threw');
    }
    return { text: REDACTED, whole: true };
  }

  /** `error.message` and `error.type` of whatever an options object says about an error. */
  errorValues(options: ErrorOptions, fallbackType?: string | undefined): Readonly<Record<string, string>> {
    const error = describeError(options);
    if (error === undefined) return {};
    return {
      'error.message': this.errorText(error.message),
      'error.type': error.type === UNKNOWN_ERROR_TYPE ? (fallbackType ?? error.type) : error.type,
    };
  }

  /** The text of an error, which is content as the output of a tool is. */
  errorText(text: string): string {
    return this.content('output', text, errorMaxBytes);
  }

  /** Whether neither a log record nor a metric would be received now. */
  get #isSilent(): boolean {
    return this.metrics === undefined && !this.logs;
  }

  #emitLog(logger: Logger, eventName: string, timestamp: number, attributes: Attributes, context?: Context): void {
    logger.emit({
      eventName,
      timestamp,
      // The same moment; without it loggers ask the clock again, which is a large part of what a record costs.
      observedTimestamp: timestamp,
      severityNumber,
      severityText,
      attributes,
      context: context ?? contextApi.active(),
    });
  }

  #makeTemplate(definition: EventDefinition): Attributes {
    const template: Attributes = { 'event.name': definition.name };
    for (const { name } of definition.attributes) template[name] = '';
    Object.assign(template, { [timestampAttribute.name]: '' }, this.identity.logAttributes);
    this.#templates.set(definition, template);
    return template;
  }

  #value(
    definition: EventDefinition,
    plan: AttributePlan,
    options: object,
    computed: Readonly<Record<string, unknown>>,
  ): string | number | boolean | undefined {
    const given = Object.hasOwn(computed, plan.name) ? computed[plan.name] : property(options, plan.option);
    if ((given === undefined || given === null) && plan.absent !== undefined) return undefined;
    const value = sentValue(plan, given);
    if (value === undefined) {
      this.memory.unusable.report(`${definition.name} ${plan.name}`, given === undefined ? 'missing' : 'not usable');
      // A frame's record without its duration would be read as a usage record.
      if (plan.name === 'duration_ms') return String(wholeMillis(Number.NaN));
    }
    return value;
  }

  #isTraced(plan: AttributePlan, value: unknown): boolean {
    if (plan.on === 'log') return plan.name === 'error.message' && this.identity.traceErrorMessages;
    return plan.wordOnTrace !== true || isErrorWord(value) || this.identity.traceErrorMessages;
  }
}

/** The span that an event goes to: of the given context, else of the active one; only where it records. */
export function recordingSpan(context: Context | undefined): Span | undefined {
  const span = context === undefined ? trace.getActiveSpan() : trace.getSpan(context);
  return span?.isRecording() ? span : undefined;
}

/** Loggers from before `enabled` existed are always on. */
function isEnabled(logger: Logger): boolean {
  return typeof logger.enabled !== 'function' || logger.enabled();
}
