import { type Attributes, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { SpanEventRule } from './span-record.ts';
import { SpanRecord } from './span-record.ts';

/** Where ended spans go. */
export interface SpanSink {
  push(span: ReadableSpan): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Options for {@link OutletSpanProcessor}. */
export interface OutletSpanProcessorOptions {
  readonly sink: SpanSink;
  readonly spanEvents: SpanEventRule;
  /** Set on every span as it starts; what the span sets later under the same key wins. */
  readonly spanAttributes: Attributes;
}

/** Puts every sampled span into the outlet as plain data the moment it ends. */
export class OutletSpanProcessor implements SpanProcessor {
  readonly #sink: SpanSink;
  readonly #spanEvents: SpanEventRule;
  readonly #attributes: readonly (readonly [string, unknown])[];

  constructor({ sink, spanEvents, spanAttributes }: OutletSpanProcessorOptions) {
    this.#sink = sink;
    this.#spanEvents = spanEvents;
    this.#attributes = Object.entries(spanAttributes);
  }

  onStart(span: Span): void {
    for (const [key, value] of this.#attributes) span.setAttribute(key, value);
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0 || isTransport(span)) return;
    this.#sink.push(new SpanRecord(span, this.#spanEvents));
  }

  forceFlush(): Promise<void> {
    return this.#sink.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#sink.shutdown();
  }
}

/** Spans about HTTP/2 frames: exporting them over gRPC would make more of them. */
function isTransport({ attributes, instrumentationScope }: ReadableSpan): boolean {
  const target = attributes.target ?? instrumentationScope.name;
  return typeof target === 'string' && (target === 'h2' || target.startsWith('h2::'));
}
