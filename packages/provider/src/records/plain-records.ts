import type { Attributes, Link, SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** A resource without its class. Items that share one still do after they were written and read. */
export interface PlainResource {
  readonly attributes: Attributes;
  readonly schemaUrl: string | undefined;
}

/** A span context whose trace state is its header. */
export interface PlainSpanContext extends Omit<SpanContext, 'traceState'> {
  readonly traceState: string | undefined;
}

/** An ended span as data alone. */
export interface PlainSpan
  extends Omit<ReadableSpan, 'spanContext' | 'parentSpanContext' | 'links' | 'resource' | 'ended'> {
  readonly context: PlainSpanContext;
  readonly parent: PlainSpanContext | undefined;
  readonly links: readonly PlainLink[];
  readonly resource: PlainResource;
}

interface PlainLink extends Omit<Link, 'context'> {
  readonly context: PlainSpanContext;
}

/** A log record as data alone. */
export interface PlainLogRecord extends Omit<ReadableLogRecord, 'spanContext' | 'resource'> {
  readonly context: PlainSpanContext | undefined;
  readonly resource: PlainResource;
}

/** Collected metrics as data alone. */
export interface PlainMetrics extends Omit<ResourceMetrics, 'resource'> {
  readonly resource: PlainResource;
}

/** `SignalItems` as data alone, which a file can hold and another process can read. */
export interface PlainItems {
  readonly traces: PlainSpan;
  readonly logs: PlainLogRecord;
  readonly metrics: PlainMetrics;
}

/** Takes items apart into plain data. It loads nothing, since it runs while a process exits. */
export class PlainRecords {
  readonly #resources = new Map<Resource, PlainResource>();

  span(span: ReadableSpan): PlainSpan {
    return {
      name: span.name,
      kind: span.kind,
      context: plainContext(span.spanContext()),
      parent: span.parentSpanContext && plainContext(span.parentSpanContext),
      startTime: span.startTime,
      endTime: span.endTime,
      duration: span.duration,
      status: span.status,
      attributes: span.attributes,
      links: span.links.map((link) => ({ ...link, context: plainContext(link.context) })),
      events: span.events,
      resource: this.#resource(span.resource),
      instrumentationScope: span.instrumentationScope,
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    };
  }

  logRecord(record: ReadableLogRecord): PlainLogRecord {
    return {
      hrTime: record.hrTime,
      hrTimeObserved: record.hrTimeObserved,
      context: record.spanContext && plainContext(record.spanContext),
      severityText: record.severityText,
      severityNumber: record.severityNumber,
      body: record.body,
      eventName: record.eventName,
      resource: this.#resource(record.resource),
      instrumentationScope: record.instrumentationScope,
      attributes: record.attributes,
      droppedAttributesCount: record.droppedAttributesCount,
    } as PlainLogRecord;
  }

  metrics(metrics: ResourceMetrics): PlainMetrics {
    return { resource: this.#resource(metrics.resource), scopeMetrics: metrics.scopeMetrics };
  }

  #resource(resource: Resource): PlainResource {
    let plain = this.#resources.get(resource);
    if (plain === undefined) {
      plain = { attributes: resource.attributes, schemaUrl: resource.schemaUrl };
      this.#resources.set(resource, plain);
    }
    return plain;
  }
}

function plainContext({ traceId, spanId, traceFlags, isRemote, traceState }: SpanContext): PlainSpanContext {
  return { traceId, spanId, traceFlags, ...(isRemote && { isRemote }), traceState: traceState?.serialize() };
}
