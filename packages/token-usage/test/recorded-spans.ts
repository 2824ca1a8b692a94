import type { Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A tracer and what it has finished. */
export interface RecordedSpans {
  readonly provider: TracerProvider;
  readonly tracer: Tracer;
  readonly finished: () => readonly ReadableSpan[];
  /** The only finished span. */
  readonly only: () => ReadableSpan;
}

export function recordSpans(): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const finished = () => exporter.getFinishedSpans();
  return {
    provider,
    tracer: provider.getTracer('codex_cli_rs'),
    finished,
    only() {
      const [span, ...others] = finished();
      if (span === undefined || others.length > 0) throw new Error(`${finished().length} spans are finished, not 1`);
      return span;
    },
  };
}
