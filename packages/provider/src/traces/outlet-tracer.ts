import type { Attributes, Context, Link, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import {
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { refused } from '../values/refused.ts';
import type { SpanOrigin } from './recorded-span.ts';
import { RecordedSpan } from './recorded-span.ts';
import type { SpanIds } from './span-ids.ts';
import { randomSpanId, randomTraceId } from './span-ids.ts';
import type { SpanSampler } from './span-sampler.ts';
import type { StartActiveArguments } from './start-active.ts';
import { startActive } from './start-active.ts';

/** Options for {@link OutletTracer}. */
export interface OutletTracerOptions {
  readonly origin: SpanOrigin;
  readonly spanAttributes: Attributes;
  readonly sampler: SpanSampler;
}

/** The key by which OpenTelemetry's core marks contexts that must not be traced, such as those of exports. */
const suppressTracingKey = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

const NO_LINKS: readonly Link[] = [];

/** A tracer whose spans go directly into the outlet. */
export class OutletTracer implements Tracer {
  readonly #options: OutletTracerOptions;
  readonly #hasSpanAttributes: boolean;

  constructor(options: OutletTracerOptions) {
    this.#options = options;
    this.#hasSpanAttributes = Object.keys(options.spanAttributes).length > 0;
  }

  startSpan(name: string, options?: SpanOptions, parent?: Context): Span {
    return this.startSpanWithIds(undefined, name, options, parent);
  }

  startActiveSpan<F extends (span: Span) => unknown>(...args: StartActiveArguments<F>): ReturnType<F> {
    return startActive(this, args);
  }

  /** Starts a span with ids that were in use before it could be recorded. */
  startSpanWithIds(ids: SpanIds | undefined, name: string, options?: SpanOptions, parent?: Context): Span {
    try {
      return this.#start(ids, name, options ?? {}, parent ?? context.active());
    } catch (error) {
      refused('startSpan', error);
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    }
  }

  #start(ids: SpanIds | undefined, name: string, options: SpanOptions, active: Context): Span {
    if (active.getValue(suppressTracingKey) === true) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const { origin, spanAttributes, sampler } = this.#options;
    const parent = validParent(options.root === true ? undefined : trace.getSpanContext(active));
    const traceId = parent?.traceId ?? ids?.traceId ?? randomTraceId();
    const isSampled = sampler(traceId, parent);
    const spanId = ids?.spanId ?? randomSpanId();
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const traceState = parent?.traceState;
    const spanContext: SpanContext = traceState
      ? { traceId, spanId, traceFlags, traceState }
      : { traceId, spanId, traceFlags };
    if (!isSampled) return trace.wrapSpanContext(spanContext);
    const span = new RecordedSpan(
      {
        name,
        kind: options.kind ?? SpanKind.INTERNAL,
        spanContext,
        parentSpanContext: parent,
        attributes: options.attributes,
        links: options.links ?? NO_LINKS,
        startTime: options.startTime,
      },
      origin,
    );
    return this.#hasSpanAttributes ? span.setAttributes(spanAttributes) : span;
  }
}

function validParent(parent: SpanContext | undefined): SpanContext | undefined {
  return parent !== undefined && isSpanContextValid(parent) ? usable(parent) : undefined;
}

/** The parent without invalid flags or state, which its children would inherit. */
function usable(parent: SpanContext): SpanContext {
  const { traceId, spanId, traceFlags, traceState, isRemote } = parent;
  const hasState = traceState === undefined || typeof traceState?.serialize === 'function';
  const hasFlags = Number.isInteger(traceFlags) && traceFlags >= 0 && traceFlags <= 255;
  if (hasState && hasFlags) return parent;
  return {
    traceId,
    spanId,
    traceFlags: hasFlags ? traceFlags : 0,
    ...(isRemote === true && { isRemote }),
    ...(hasState && traceState && { traceState }),
  };
}
