import type { Attributes, Link, SpanContext } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** A resource without pending attributes. */
export interface PlainResource {
  readonly attributes: Attributes;
  readonly schemaUrl?: string | undefined;
}

/** A span context whose trace state is the value of its header. */
export interface PlainSpanContext extends Omit<SpanContext, 'traceState'> {
  readonly traceState?: string | undefined;
}

/** A link to another span. */
export interface PlainLink extends Omit<Link, 'context'> {
  readonly context: PlainSpanContext;
}

/** An ended span. */
export interface PlainSpan
  extends Omit<ReadableSpan, 'spanContext' | 'parentSpanContext' | 'links' | 'resource' | 'ended'> {
  readonly spanContext: PlainSpanContext;
  readonly parentSpanContext?: PlainSpanContext | undefined;
  readonly links: readonly PlainLink[];
  readonly resource: PlainResource;
}

/** A log record. A field that is `undefined` counts as absent. */
export interface PlainLogRecord
  extends Omit<ReadableLogRecord, 'spanContext' | 'resource' | 'severityText' | 'severityNumber' | 'eventName'> {
  readonly spanContext?: PlainSpanContext | undefined;
  readonly severityText?: ReadableLogRecord['severityText'] | undefined;
  readonly severityNumber?: ReadableLogRecord['severityNumber'] | undefined;
  readonly eventName?: string | undefined;
  readonly resource: PlainResource;
}

/** One collection of metrics. */
export interface PlainMetrics extends Omit<ResourceMetrics, 'resource'> {
  readonly resource: PlainResource;
}

/**
 * The items of each signal, from recording to encoding. They are plain data, so structured cloning can write and read
 * them. Items with the same resource or scope share the object.
 */
export interface SignalItems {
  readonly traces: PlainSpan;
  readonly logs: PlainLogRecord;
  readonly metrics: PlainMetrics;
}
