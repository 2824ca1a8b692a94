import type { PlainResource, PlainSpan } from '@codex-otel/metrics/otlp';
import type { Attributes, HrTime, SpanStatus } from '@opentelemetry/api';
import { SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, Span, SpanProcessor, TimedEvent } from '@opentelemetry/sdk-trace';
import type { SpanEventRule } from '../traces/span-events.ts';
import { isTraceSafeEvent, isTransportSpan } from '../traces/span-events.ts';
import { isLink, plainSpanContext, spanKind, spanName } from '../traces/span-input.ts';
import { encodableScope } from '../values/encodable-scope.ts';
import { hrTimeBetween, hrTimeFromMillis, isHrTime } from '../values/hr-time.ts';
import { plainAttributes } from '../values/kept-attributes.ts';
import type { EndingSink } from './ending-sink.ts';

/** Options for {@link OutletSpanProcessor}. */
export interface OutletSpanProcessorOptions {
  readonly sink: EndingSink<PlainSpan>;
  readonly spanEvents: SpanEventRule;
  /** Set on every span when it starts; a later value for the same key wins. */
  readonly spanAttributes: Attributes;
}

/**
 * The trace side of the privacy wall on a host's tracer provider: when a sampled span ends, it goes into the outlet as
 * plain data, without the events that are not trace-safe and without the message of its status.
 *
 * The SDK leaves out attributes that cannot be encoded but passes on all other values; here those are left out too.
 * Attributes that throw when they are read (a getter, a proxy) throw in the SDK, in the host's own call, before any
 * processor runs.
 */
export class OutletSpanProcessor implements SpanProcessor {
  readonly #options: OutletSpanProcessorOptions;
  #resource: PlainResource | undefined;

  constructor(options: OutletSpanProcessorOptions) {
    this.#options = options;
  }

  onStart(span: Span): void {
    span.setAttributes(this.#options.spanAttributes);
  }

  onEnd(span: ReadableSpan): void {
    const { sink } = this.#options;
    let record: PlainSpan | undefined;
    try {
      record = this.#record(span);
    } catch (error) {
      sink.lose(error);
      return;
    }
    if (record !== undefined) sink.push(record);
  }

  forceFlush(): Promise<void> {
    return this.#options.sink.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#options.sink.shutdown();
  }

  /** `undefined` if the span must not leave the process. */
  #record(span: ReadableSpan): PlainSpan | undefined {
    const { status, events, instrumentationScope, parentSpanContext } = span;
    const context = span.spanContext();
    if ((context.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
    if (isTransportSpan(span.attributes, instrumentationScope)) return undefined;
    const isOpen = this.#options.spanEvents === 'all';
    const links = span.links.filter(isLink).map((link) => ({
      ...link,
      context: plainSpanContext(link.context),
      ...(link.attributes && { attributes: plainAttributes(link.attributes) }),
    }));
    const kept = isOpen ? events : events.filter(({ attributes }) => isTraceSafeEvent(attributes));
    const times = timesOf(span);
    return {
      name: spanName(span.name),
      kind: spanKind(span.kind),
      spanContext: plainSpanContext(context),
      parentSpanContext: parentSpanContext && plainSpanContext(parentSpanContext),
      ...times,
      status: encodableStatus(status, isOpen),
      attributes: plainAttributes(span.attributes),
      links,
      events: kept.map((event) => encodableEvent(event, times.startTime)),
      resource: this.#plainResource(span.resource),
      instrumentationScope: encodableScope(instrumentationScope),
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount + span.links.length - links.length,
    };
  }

  /** The host's resource is the same for all spans. */
  #plainResource({ attributes, schemaUrl }: Resource): PlainResource {
    if (this.#resource?.attributes !== attributes) this.#resource = { attributes, schemaUrl };
    return this.#resource;
  }
}

/** An invalid time cannot be encoded: it is replaced by the span's other time, or else by now. */
function timesOf(span: ReadableSpan): Pick<ReadableSpan, 'startTime' | 'endTime' | 'duration'> {
  if (isHrTime(span.startTime) && isHrTime(span.endTime)) {
    const { startTime, endTime, duration } = span;
    return { startTime, endTime, duration };
  }
  const known = [span.startTime, span.endTime].find(isHrTime) ?? hrTimeFromMillis(Date.now());
  return { startTime: known, endTime: known, duration: hrTimeBetween(known, known) };
}

function encodableStatus({ code, message }: SpanStatus, isOpen: boolean): SpanStatus {
  if (typeof code !== 'number' || SpanStatusCode[code] === undefined) return { code: SpanStatusCode.UNSET };
  return isOpen && typeof message === 'string' ? { code, message } : { code };
}

function encodableEvent(event: TimedEvent, otherwise: HrTime): TimedEvent {
  const { name, time, attributes } = event;
  return {
    ...event,
    name: spanName(name),
    time: isHrTime(time) ? time : otherwise,
    ...(attributes && { attributes: plainAttributes(attributes) }),
  };
}
