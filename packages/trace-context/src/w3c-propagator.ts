import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { contextFromW3cTraceContext, contextW3cTraceContext } from './span-trace-context.ts';

/**
 * OpenTelemetry propagator for the W3C headers, to be installed in place of its own: as strict as the
 * recommendation, and with configured tracestate merged into what goes out.
 */
export class W3cPropagator implements TextMapPropagator {
  /** Writes the trace context of the span in `context`. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    for (const [name, value] of Object.entries(contextW3cTraceContext(context) ?? {})) setter.set(carrier, name, value);
  }

  /** Returns `context` with the remote span in it, or as it is when there is no valid trace context in `carrier`. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    // In a string, several headers are joined by commas and a missing one is a word: not valid, as it should be.
    const carried = {
      traceparent: `${getter.get(carrier, 'traceparent')}`,
      tracestate: `${getter.get(carrier, 'tracestate')}`,
    };
    return contextFromW3cTraceContext(carried, context) ?? context;
  }

  /** The names of the headers that it sets. */
  fields(): string[] {
    return ['traceparent', 'tracestate'];
  }
}
