import type { Context, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { context, INVALID_SPAN_CONTEXT, isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';
import { randomSpanId, randomTraceId } from '../traces/span-ids.ts';
import { spanName } from '../traces/span-input.ts';
import type { StartActiveArguments } from '../traces/start-active.ts';
import { startActive } from '../traces/start-active.ts';
import { refused } from '../values/refused.ts';
import type { DeferredQueue } from './deferred-queue.ts';
import { DeferredSpan } from './deferred-span.ts';

/** A tracer whose spans have their final ids from the start and are recorded when there is a provider. */
export class DeferredTracer implements Tracer {
  readonly #queue: DeferredQueue;

  constructor(queue: DeferredQueue) {
    this.#queue = queue;
  }

  /** The tracer of the provider, once there is one. A shutdown of the provider recognises its turns by it. */
  get target(): Tracer | undefined {
    return this.#queue.target?.tracer;
  }

  startSpan(name: string, options?: SpanOptions, parent?: Context): Span {
    try {
      return this.#start(name, options ?? {}, parent ?? context.active());
    } catch (error) {
      refused('startSpan', error);
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    }
  }

  #start(name: string, options: SpanOptions, parent: Context): Span {
    const { target, connected } = this.#queue;
    if (target !== undefined) return target.tracer.startSpan(name, options, parent);
    const inherited = options.root === true ? undefined : trace.getSpanContext(parent);
    if (connected) return trace.wrapSpanContext(inherited ?? INVALID_SPAN_CONTEXT);
    const spanContext = newSpanContext(inherited);
    return new DeferredSpan({ queue: this.#queue, spanContext, name: spanName(name), options, context: parent });
  }

  startActiveSpan<F extends (span: Span) => unknown>(...args: StartActiveArguments<F>): ReturnType<F> {
    return startActive(this, args);
  }
}

/** Ids of a child of `parent`, or of a new sampled trace. */
function newSpanContext(parent: SpanContext | undefined): SpanContext {
  const spanId = randomSpanId();
  if (parent === undefined || !isSpanContextValid(parent)) {
    return { traceId: randomTraceId(), spanId, traceFlags: TraceFlags.SAMPLED };
  }
  const { traceId, traceFlags, traceState } = parent;
  return { traceId, spanId, traceFlags, ...(traceState && { traceState }) };
}
