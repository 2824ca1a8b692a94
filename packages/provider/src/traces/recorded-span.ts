import { oneLine } from '@codex-otel/config';
import type { PlainLink, PlainResource, PlainSpan } from '@codex-otel/metrics/otlp';
import type {
  Attributes,
  AttributeValue,
  Exception,
  HrTime,
  Link,
  Span,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import { diag, SpanStatusCode } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { TimedEvent } from '@opentelemetry/sdk-trace';
import { exceptionAttributes } from '../values/exception-attributes.ts';
import {
  addHrTimes,
  hrTimeBetween,
  hrTimeFromMillis,
  hrTimeFromPerformance,
  isHrTime,
  isTimeInput,
} from '../values/hr-time.ts';
import {
  ATTRIBUTE_COUNT_LIMIT,
  copiedValue,
  isAttribute,
  isSimpleValue,
  keepAttributes,
  simpleSize,
} from '../values/kept-attributes.ts';
import { monotonicMillis } from '../values/monotonic.ts';
import { refused } from '../values/refused.ts';
import type { SpanEventRule } from './span-events.ts';
import { isTraceSafeEvent, isTransportSpan } from './span-events.ts';
import { isLink, plainSpanContext, setOwn, spanKind, spanName } from './span-input.ts';

/** How many events and how many links of a span are kept, the newest ones: the defaults of OpenTelemetry's SDK. */
const EVENT_COUNT_LIMIT = 128;
const LINK_COUNT_LIMIT = 128;
const NOT_COUNTED = -1;
/** Most spans have no link and never change their status; they share these. */
const NO_LINKS: readonly PlainLink[] = [];
const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };

/** What all spans of a tracer share. */
export interface SpanOrigin {
  readonly scope: InstrumentationScope;
  readonly resource: PlainResource;
  readonly spanEvents: SpanEventRule;
  readonly sink: { push(span: PlainSpan): void };
}

/** What a span starts with. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanContext: SpanContext;
  readonly parentSpanContext: SpanContext | undefined;
  readonly attributes: Attributes | undefined;
  readonly links: readonly Link[];
  readonly startTime: TimeInput | undefined;
}

/**
 * A span that records what OpenTelemetry's own records, and goes into the outlet as plain data when it ends.
 *
 * This is the trace side of the privacy wall: unless all events are allowed, events that are not trace-safe and the
 * message of a status, which often contains error messages, are not kept.
 */
export class RecordedSpan implements Span {
  readonly #origin: SpanOrigin;
  readonly #spanContext: SpanContext;
  readonly #parentSpanContext: SpanContext | undefined;
  readonly #kind: SpanKind;
  readonly #startTime: HrTime;
  /** The monotonic clock and the wall clock when it was created. */
  readonly #madeAt: number;
  readonly #wallAtStart: number;
  /** Whether the caller gave the start time. */
  readonly #isStartGiven: boolean;
  readonly #attributes: Attributes;
  readonly #events: TimedEvent[] = [];
  #links: readonly PlainLink[] = NO_LINKS;
  #name: string;
  #status = UNSET;
  /** Counted when the first one is set after the start. */
  #attributeCount = NOT_COUNTED;
  #droppedAttributesCount = 0;
  #droppedEventsCount = 0;
  #droppedLinksCount = 0;
  #ended = false;

  constructor(start: SpanStart, origin: SpanOrigin) {
    this.#origin = origin;
    this.#wallAtStart = Date.now();
    this.#madeAt = monotonicMillis();
    this.#isStartGiven = start.startTime !== undefined;
    this.#startTime = this.#isStartGiven ? this.#timeFrom(start.startTime) : hrTimeFromMillis(this.#wallAtStart);
    this.#spanContext = start.spanContext;
    this.#parentSpanContext = start.parentSpanContext;
    this.#kind = spanKind(start.kind);
    this.#name = spanName(start.name);
    this.#attributes = this.#startAttributes(start.attributes);
    if (Array.isArray(start.links) && start.links.length > 0) this.#startLinks(start.links);
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }

  isRecording(): boolean {
    return !this.#ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (value === undefined || this.#isOver('setAttribute')) return this;
    try {
      this.#setAttribute(key, value);
    } catch (error) {
      refused('setAttribute', error);
    }
    return this;
  }

  setAttributes(attributes: Attributes): this {
    try {
      for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
    } catch (error) {
      refused('setAttributes', error);
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, timestamp?: TimeInput): this {
    if (this.#isOver('addEvent')) return this;
    try {
      this.#addEvent(name, attributesOrTime, timestamp);
    } catch (error) {
      refused('addEvent', error);
    }
    return this;
  }

  #addEvent(name: string, attributesOrTime?: Attributes | TimeInput, timestamp?: TimeInput): void {
    const timeStandsFirst = isTimeInput(attributesOrTime);
    const attributes = timeStandsFirst ? undefined : attributesOrTime;
    if (this.#origin.spanEvents === 'trace-safe' && !isTraceSafeEvent(attributes)) return;
    if (this.#events.length >= EVENT_COUNT_LIMIT) {
      this.#droppedEventsCount += 1;
      this.#events.shift();
    }
    const time = this.#timeFrom(timestamp ?? (timeStandsFirst ? attributesOrTime : undefined));
    this.#events.push({ name: spanName(name), time, ...this.#kept(attributes, isSimpleValue) });
  }

  addLink(link: Link): this {
    if (this.#isOver('addLink')) return this;
    try {
      if (isLink(link)) this.#addLink(link);
    } catch (error) {
      refused('addLink', error);
    }
    return this;
  }

  #addLink(link: Link): void {
    const isFull = this.#links.length >= LINK_COUNT_LIMIT;
    if (isFull) this.#droppedLinksCount += 1;
    this.#links = [...(isFull ? this.#links.slice(1) : this.#links), this.#keptLink(link)];
  }

  addLinks(links: readonly Link[]): this {
    try {
      if (Array.isArray(links)) for (const link of links) this.addLink(link);
    } catch (error) {
      refused('addLinks', error);
    }
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (this.#isOver('setStatus') || this.#status.code === SpanStatusCode.OK) return this;
    try {
      this.#setStatus(status);
    } catch (error) {
      refused('setStatus', error);
    }
    return this;
  }

  #setStatus({ code, message }: SpanStatus): void {
    if (code !== SpanStatusCode.OK && code !== SpanStatusCode.ERROR) return;
    const hasMessage =
      code === SpanStatusCode.ERROR && typeof message === 'string' && this.#origin.spanEvents === 'all';
    this.#status = hasMessage ? { code, message } : { code };
  }

  updateName(name: string): this {
    if (!this.#isOver('updateName')) this.#name = spanName(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    try {
      const attributes = exceptionAttributes(exception, {});
      if (attributes['exception.type'] === undefined && attributes['exception.message'] === undefined) return;
      this.addEvent('exception', attributes, time);
    } catch (error) {
      refused('recordException', error);
    }
  }

  end(endTime?: TimeInput): void {
    if (this.#isOver('end')) return;
    this.#ended = true;
    let end = this.#endTime(endTime);
    let duration = hrTimeBetween(this.#startTime, end);
    if (duration[0] < 0) {
      diag.warn(`codex-otel/provider: span ${oneLine(this.#name)} ended before it started; its duration is set to 0`);
      end = this.#startTime;
      duration = [0, 0];
    }
    const { scope, resource, sink } = this.#origin;
    if (isTransportSpan(this.#attributes, scope)) return;
    sink.push({
      name: this.#name,
      kind: this.#kind,
      spanContext: plainSpanContext(this.#spanContext),
      parentSpanContext: this.#parentSpanContext && plainSpanContext(this.#parentSpanContext),
      startTime: this.#startTime,
      endTime: end,
      duration,
      status: this.#status,
      attributes: this.#attributes,
      links: this.#links,
      events: this.#events,
      resource,
      instrumentationScope: scope,
      droppedAttributesCount: this.#droppedAttributesCount,
      droppedEventsCount: this.#droppedEventsCount,
      droppedLinksCount: this.#droppedLinksCount,
    });
  }

  #setAttribute(key: string, value: AttributeValue): void {
    if (this.#attributeCount === NOT_COUNTED) this.#attributeCount = Object.keys(this.#attributes).length;
    const isNew = !Object.hasOwn(this.#attributes, key);
    if (isNew && key !== '' && this.#attributeCount >= ATTRIBUTE_COUNT_LIMIT) {
      this.#droppedAttributesCount += 1;
    } else if (isAttribute(key, value)) {
      setOwn(this.#attributes, key, copiedValue(value));
      if (isNew) this.#attributeCount += 1;
    }
  }

  #startAttributes(attributes: Attributes = {}): Attributes {
    if (simpleSize(attributes) >= 0) return { ...attributes };
    const { attributes: kept, droppedCount, invalidCount } = keepAttributes(attributes);
    this.#droppedAttributesCount += droppedCount + invalidCount;
    return kept;
  }

  #startLinks(all: readonly Link[]): void {
    const given = all.filter(isLink);
    const links = given.slice(Math.max(0, given.length - LINK_COUNT_LIMIT));
    this.#droppedLinksCount = given.length - links.length;
    this.#links = links.map((link) => this.#keptLink(link));
  }

  #keptLink({ context, attributes }: Link): PlainLink {
    return { context: plainSpanContext(context), ...this.#kept(attributes) };
  }

  /** Attributes of an event or a link, as the SDK keeps them. */
  #kept(attributes: Attributes | undefined, isValid?: (value: unknown) => boolean): Omit<TimedEvent, 'name' | 'time'> {
    if (typeof attributes !== 'object' || attributes === null) return {};
    if (simpleSize(attributes) >= 0) return { attributes: { ...attributes }, droppedAttributesCount: 0 };
    const { attributes: kept, droppedCount, invalidCount } = keepAttributes(attributes, isValid);
    return { attributes: kept, droppedAttributesCount: droppedCount + invalidCount };
  }

  /** Defaults to now: by the monotonic clock, unless the caller gave the start time. */
  #timeFrom(time: TimeInput | undefined): HrTime {
    if (typeof time === 'number' && isTimeInput(time)) {
      return this.#timeFromNumber(time);
    }
    if (time instanceof Date && isTimeInput(time)) return hrTimeFromMillis(time.getTime());
    if (isHrTime(time)) return time;
    if (this.#isStartGiven) return hrTimeFromMillis(Date.now());
    return addHrTimes(this.#startTime, hrTimeFromMillis(monotonicMillis() - this.#madeAt));
  }

  /**
   * The number is a reading of `performance.now()`, corrected by the clocks at the span's start, or milliseconds since
   * the epoch.
   */
  #timeFromNumber(time: number): HrTime {
    const now = performance.now();
    if (time > now) return hrTimeFromMillis(time);
    const readAtStart = now - (monotonicMillis() - this.#madeAt);
    return hrTimeFromPerformance(time + this.#wallAtStart - (readAtStart + performance.timeOrigin));
  }

  /** A span must end even if its time is not valid. */
  #endTime(time: TimeInput | undefined): HrTime {
    try {
      return this.#timeFrom(time);
    } catch (error) {
      refused('the time of an end', error);
      return this.#timeFrom(undefined);
    }
  }

  #isOver(step: string): boolean {
    if (this.#ended)
      diag.warn(`codex-otel/provider: ${step} on span ${oneLine(this.#name)} after its end changes nothing`);
    return this.#ended;
  }
}
