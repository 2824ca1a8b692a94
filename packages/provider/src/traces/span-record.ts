import { isTraceSafeTarget } from '@codex-otel/config';
import type { Attributes, HrTime, Link, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';

/** Which span events leave the process. */
export type SpanEventRule = 'trace-safe' | 'all';

/**
 * An ended span as plain data: what the serialisers read, without the live span's processors, limits and
 * clocks. Here stands the trace side of the privacy wall: unless all events are let through, only trace-safe
 * ones are taken over and the status goes without its message, which is where error texts end up.
 */
export class SpanRecord implements ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly events: TimedEvent[];
  readonly ended = true;
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;

  constructor(span: ReadableSpan, rule: SpanEventRule) {
    this.name = span.name;
    this.kind = span.kind;
    this.context = span.spanContext();
    if (span.parentSpanContext !== undefined) this.parentSpanContext = span.parentSpanContext;
    this.startTime = span.startTime;
    this.endTime = span.endTime;
    this.duration = span.duration;
    this.status = rule === 'all' ? span.status : { code: span.status.code };
    this.attributes = span.attributes;
    this.links = span.links;
    this.events = rule === 'all' ? span.events : span.events.filter(isTraceSafe);
    this.resource = span.resource;
    this.instrumentationScope = span.instrumentationScope;
    this.droppedAttributesCount = span.droppedAttributesCount;
    this.droppedEventsCount = span.droppedEventsCount;
    this.droppedLinksCount = span.droppedLinksCount;
  }

  spanContext(): SpanContext {
    return this.context;
  }
}

function isTraceSafe({ attributes }: TimedEvent): boolean {
  const target = attributes?.target;
  return typeof target === 'string' && isTraceSafeTarget(target);
}
