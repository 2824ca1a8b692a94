import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { trace } from './api.ts';
import { contextFromW3cTraceContext, spanW3cTraceContext } from './span-trace-context.ts';

/**
 * OpenTelemetry propagator for the W3C headers, to replace its own: as strict as the recommendation, with configured
 * tracestate merged into outgoing headers.
 */
export class W3cPropagator implements TextMapPropagator {
  /** Writes the trace context of the span in `context`. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const written = spanW3cTraceContext(trace.getSpan(context));
    if (!written) return;
    setter.set(carrier, 'traceparent', written.traceparent);
    if (written.tracestate) setter.set(carrier, 'tracestate', written.tracestate);
  }

  /** Returns `context` with the remote span in it, or unchanged when `carrier` has no valid trace context. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    try {
      // Several headers are joined by commas into one string.
      return (
        contextFromW3cTraceContext(
          {
            traceparent: getter.get(carrier, 'traceparent')?.toString(),
            tracestate: getter.get(carrier, 'tracestate')?.toString(),
          },
          context,
        ) ?? context
      );
    } catch {
      // A carrier from JSON can have a value that cannot become a string: `{ toString: 1 }`.
      return context;
    }
  }

  /** The names of the headers that it sets. */
  fields(): string[] {
    return ['traceparent', 'tracestate'];
  }
}
