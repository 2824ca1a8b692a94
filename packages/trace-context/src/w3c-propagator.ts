import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { trace } from './api.ts';
import { contextFromW3cTraceContext, spanW3cTraceContext } from './span-trace-context.ts';

/**
 * OpenTelemetry propagator for the W3C headers, to be installed in place of its own: as strict as the
 * recommendation, and with configured tracestate merged into what goes out.
 */
export class W3cPropagator implements TextMapPropagator {
  /** Writes the trace context of the span in `context`. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const written = spanW3cTraceContext(trace.getSpan(context));
    if (!written) return;
    setter.set(carrier, 'traceparent', written.traceparent);
    if (written.tracestate) setter.set(carrier, 'tracestate', written.tracestate);
  }

  /** Returns `context` with the remote span in it, or as it is when there is no valid trace context in `carrier`. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    try {
      // In a string, several headers are joined by commas.
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
      // A carrier that came as JSON can hold what no string can be made of: `{ toString: 1 }`.
      return context;
    }
  }

  /** The names of the headers that it sets. */
  fields(): string[] {
    return ['traceparent', 'tracestate'];
  }
}
