import { type Attributes, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { SpanEventRule } from '../traces/span-record.ts';
import { isTraceSafeEvent, isTransportSpan, SpanRecord } from '../traces/span-record.ts';
import type { EndingSink } from './ending-sink.ts';

/** Options for {@link OutletSpanProcessor}. */
export interface OutletSpanProcessorOptions {
  readonly sink: EndingSink<ReadableSpan>;
  readonly spanEvents: SpanEventRule;
  /** Set on every span as it starts; what the span sets later under the same key wins. */
  readonly spanAttributes: Attributes;
}

/**
 * The trace side of the privacy wall on a host's own tracer provider: every sampled span goes into the outlet as
 * plain data the moment it ends, without the events that are not trace-safe and the message of its status.
 */
export class OutletSpanProcessor implements SpanProcessor {
  readonly #options: OutletSpanProcessorOptions;

  constructor(options: OutletSpanProcessorOptions) {
    this.#options = options;
  }

  onStart(span: Span): void {
    span.setAttributes(this.#options.spanAttributes);
  }

  onEnd(span: ReadableSpan): void {
    const { sink, spanEvents } = this.#options;
    const { status, events, instrumentationScope } = span;
    const context = span.spanContext();
    if ((context.traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (isTransportSpan(span.attributes, instrumentationScope)) return;
    const isOpen = spanEvents === 'all';
    sink.push(
      new SpanRecord({
        name: span.name,
        kind: span.kind,
        context,
        ...(span.parentSpanContext && { parentSpanContext: span.parentSpanContext }),
        startTime: span.startTime,
        endTime: span.endTime,
        duration: span.duration,
        status: isOpen ? status : { code: status.code },
        attributes: span.attributes,
        links: span.links,
        events: isOpen ? events : events.filter(({ attributes }) => isTraceSafeEvent(attributes)),
        resource: span.resource,
        instrumentationScope,
        droppedAttributesCount: span.droppedAttributesCount,
        droppedEventsCount: span.droppedEventsCount,
        droppedLinksCount: span.droppedLinksCount,
      }),
    );
  }

  forceFlush(): Promise<void> {
    return this.#options.sink.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#options.sink.shutdown();
  }
}
