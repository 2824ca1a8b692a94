import { createW3cTraceContext, parseTraceparent } from '@codex-otel/trace-context';
import type { Context, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { DeferredQueue } from './deferred-queue.ts';
import { DeferredSpan } from './deferred-span.ts';

/** A tracer whose spans have their final ids from the start and are recorded when the provider is there. */
export class DeferredTracer implements Tracer {
  readonly #queue: DeferredQueue;

  constructor(queue: DeferredQueue) {
    this.#queue = queue;
  }

  startSpan(name: string, options: SpanOptions = {}, parent: Context = context.active()): Span {
    const { target, connected } = this.#queue;
    if (target !== undefined) return target.tracer.startSpan(name, options, parent);
    const inherited = options.root === true ? undefined : trace.getSpanContext(parent);
    if (connected) return trace.wrapSpanContext(inherited ?? noSpanContext);
    const spanContext = newSpanContext(inherited);
    return new DeferredSpan({ queue: this.#queue, spanContext, name, options, context: parent });
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    ...args: [string, F] | [string, SpanOptions, F] | [string, SpanOptions, Context, F]
  ): ReturnType<F>;
  startActiveSpan(
    name: string,
    ...rest: [SpanFunction] | [SpanOptions, SpanFunction] | [SpanOptions, Context, SpanFunction]
  ): unknown {
    const fn = rest[rest.length - 1] as SpanFunction; // it stands last in every overload
    const [options, parent = context.active()] = rest.slice(0, -1) as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), () => fn(span));
  }
}

type SpanFunction = (span: Span) => unknown;

const noSpanContext: SpanContext = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };

/** Ids of a child of `parent`, or of a new sampled trace. */
function newSpanContext(parent: SpanContext | undefined): SpanContext {
  const ids = parseTraceparent(createW3cTraceContext().traceparent) ?? noSpanContext;
  if (parent === undefined || !isSpanContextValid(parent)) return { ...ids, traceFlags: 1 };
  const { traceId, traceFlags, traceState } = parent;
  return { traceId, spanId: ids.spanId, traceFlags, ...(traceState && { traceState }) };
}
