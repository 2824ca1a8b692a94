import type { Attributes, HrTime, Link, SpanContext, SpanKind, SpanStatus, TraceState } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { TimedEvent } from '@opentelemetry/sdk-trace';
import type { PlainLink, PlainSpan, PlainSpanContext } from './signal-items.ts';
import type { ResourceView } from './sized-views.ts';

/** The context of a span while its size is added up. */
const NO_CONTEXT: SpanContext = { traceId: '', spanId: '', traceFlags: 0 };
const NONE: readonly never[] = [];

/** A span as the serialisers read it: the context is returned by a call, and trace states are objects. */
export class SpanView {
  readonly resource: ResourceView;
  readonly #span: PlainSpan;

  constructor(span: PlainSpan, resource: ResourceView) {
    this.resource = resource;
    this.#span = span;
  }

  spanContext(): SpanContext {
    return this.resource.isSizing ? NO_CONTEXT : contextView(this.#span.spanContext);
  }

  get parentSpanContext(): PlainSpanContext | undefined {
    return this.resource.isSizing ? undefined : this.#span.parentSpanContext;
  }

  get name(): string {
    return this.resource.isSizing ? '' : this.#span.name;
  }

  get kind(): SpanKind {
    return this.#span.kind;
  }

  get startTime(): HrTime {
    return this.#span.startTime;
  }

  get endTime(): HrTime {
    return this.#span.endTime;
  }

  get status(): SpanStatus {
    return this.#span.status;
  }

  get attributes(): Attributes {
    return this.resource.isSizing ? this.resource.placeholder : this.#span.attributes;
  }

  get events(): readonly TimedEvent[] {
    return this.resource.isSizing ? NONE : this.#span.events;
  }

  get links(): readonly Link[] {
    return this.resource.isSizing ? NONE : linkViews(this.#span.links);
  }

  get droppedAttributesCount(): number {
    return this.#span.droppedAttributesCount;
  }

  get droppedEventsCount(): number {
    return this.#span.droppedEventsCount;
  }

  get droppedLinksCount(): number {
    return this.#span.droppedLinksCount;
  }

  get instrumentationScope(): InstrumentationScope {
    return this.#span.instrumentationScope;
  }
}

/** Links without a trace state already have the form that the serialisers read. */
function linkViews(links: readonly PlainLink[]): readonly Link[] {
  if (links.length === 0) return NONE;
  if (links.every(({ context }) => context.traceState === undefined))
    return links as readonly object[] as readonly Link[];
  return links.map((link) => ({ ...link, context: contextView(link.context) }));
}

function contextView(context: PlainSpanContext): SpanContext {
  if (context.traceState === undefined) return context as object as SpanContext;
  const { traceState, ...ids } = context;
  return { ...ids, traceState: { serialize: () => traceState } as TraceState };
}
