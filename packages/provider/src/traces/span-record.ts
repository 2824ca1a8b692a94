import { isTraceSafeTarget } from '@codex-otel/config';
import type { Attributes, HrTime, Link, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';

/** Which span events leave the process. */
export type SpanEventRule = 'trace-safe' | 'all';

/** What a span record is made of. */
export type SpanRecordFields = Omit<ReadableSpan, 'spanContext' | 'ended'> & { readonly context: SpanContext };

/** An ended span as plain data: what the serialisers read, without the live span's processors, limits and clocks. */
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

  constructor(fields: SpanRecordFields) {
    this.name = fields.name;
    this.kind = fields.kind;
    this.context = fields.context;
    if (fields.parentSpanContext !== undefined) this.parentSpanContext = fields.parentSpanContext;
    this.startTime = fields.startTime;
    this.endTime = fields.endTime;
    this.duration = fields.duration;
    this.status = fields.status;
    this.attributes = fields.attributes;
    this.links = fields.links;
    this.events = fields.events;
    this.resource = fields.resource;
    this.instrumentationScope = fields.instrumentationScope;
    this.droppedAttributesCount = fields.droppedAttributesCount;
    this.droppedEventsCount = fields.droppedEventsCount;
    this.droppedLinksCount = fields.droppedLinksCount;
  }

  spanContext(): SpanContext {
    return this.context;
  }
}

/** Whether an event may leave the process although it stands on a span: its attribute `target` says so. */
export function isTraceSafeEvent(attributes: Attributes | undefined): boolean {
  const target = attributes?.target;
  return typeof target === 'string' && isTraceSafeTarget(target);
}

/** Whether a span is about HTTP/2 frames: exporting those over gRPC would make more of them. */
export function isTransportSpan(attributes: Attributes, scope: InstrumentationScope): boolean {
  const target = attributes.target ?? scope.name;
  return typeof target === 'string' && (target === 'h2' || target.startsWith('h2::'));
}
