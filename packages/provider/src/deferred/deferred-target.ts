import type { OtelSignal } from '@codex-otel/config';
import type { MetricsSink } from '@codex-otel/metrics';
import type { Context, Logger, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import type { SpanIds } from '../traces/span-ids.ts';

/**
 * Where a provider keeps its {@link DeferredTarget}. Registered, since a process may hold an ESM and a CommonJS copy of
 * this package.
 */
export const deferredTargetKey: unique symbol = Symbol.for('@codex-otel/provider.deferred-target.v1');

/** The part of a provider that deferred sinks need. */
export interface DeferredTarget {
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly metrics: MetricsSink | undefined;
  /** Starts a span with the ids that it had while it waited, since children and headers already refer to them. */
  startSpan(ids: SpanIds, name: string, options: SpanOptions, context: Context): Span;
  /** Counts items that did not fit while waiting. */
  countDropped(dropped: Readonly<Record<OtelSignal, number>>): void;
}
