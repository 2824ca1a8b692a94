import {
  type Context,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { contextFromW3cTraceContext, spanContextW3cTraceContext } from './span-trace-context.ts';

/** Where OpenTelemetry's `suppressTracing` keeps its mark; its context keys are `Symbol.for` their description. */
const SUPPRESS_TRACING = /* @__PURE__ */ Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * OpenTelemetry propagator for the W3C headers, to be installed in place of its own: as strict as the
 * recommendation, and with configured tracestate merged into what goes out.
 */
export class W3cPropagator implements TextMapPropagator {
  /** Writes the trace context of the span in `context`; nothing where tracing is suppressed. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const spanContext = trace.getSpanContext(context);
    if (!spanContext || context.getValue(SUPPRESS_TRACING)) return;
    const { traceparent, tracestate } = spanContextW3cTraceContext(spanContext) ?? {};
    if (traceparent) setter.set(carrier, 'traceparent', traceparent);
    if (tracestate) setter.set(carrier, 'tracestate', tracestate);
  }

  /** Returns `context` with the remote span in it, or as it is when there is no valid trace context in `carrier`. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const traceparent = getter.get(carrier, 'traceparent');
    const tracestate = getter.get(carrier, 'tracestate');
    // Joined, several of them are one that is not valid, as they should be.
    return (
      contextFromW3cTraceContext({ traceparent: `${traceparent}`, tracestate: `${tracestate ?? ''}` }, context) ??
      context
    );
  }

  /** The names of the headers that it sets. */
  fields(): string[] {
    return ['traceparent', 'tracestate'];
  }
}
