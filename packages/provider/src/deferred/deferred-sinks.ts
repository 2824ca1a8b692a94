import type { MetricsSink } from '@codex-otel/metrics';
import type { Logger, Tracer } from '@opentelemetry/api';
import type { OtelProvider } from '../otel-provider.ts';
import { DeferredLogger } from './deferred-logger.ts';
import { DeferredMetrics } from './deferred-metrics.ts';
import { DeferredQueue } from './deferred-queue.ts';
import type { DeferredTarget } from './deferred-target.ts';
import { deferredTargetKey } from './deferred-target.ts';
import { DeferredTracer } from './deferred-tracer.ts';

/** Sinks that can be used before there is a provider. */
export interface DeferredSinks {
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly metrics: MetricsSink;
  /**
   * Delivers what was recorded up to now, in order and with its real times; from then on the sinks are the
   * provider's own. `undefined`, which is what `createOtelProvider` gives when everything is off, forgets it.
   */
  connect(provider: OtelProvider | undefined): void;
}

/** Options for {@link deferredSinks}. */
export interface DeferredSinksOptions {
  /** How many records, values, spans and changes to spans wait at most. @defaultValue 10000 */
  readonly maxItems?: number | undefined;
  /** About how many bytes of them. @defaultValue 8 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * Sinks for an agent that records from its first millisecond, while its provider is still being created.
 *
 * Spans have their ids at once, so that headers and children made meanwhile name the span that is exported
 * later. What does not fit is dropped and counted in the provider's `stats()`; a metric's value, which nothing has
 * aggregated yet, as the data point that it would have been.
 */
export function deferredSinks(options?: DeferredSinksOptions): DeferredSinks {
  const { maxItems = 10_000, maxBytes = 2 ** 23 } = options ?? {};
  const queue = new DeferredQueue({ maxItems, maxBytes });
  return {
    logger: new DeferredLogger(queue),
    tracer: new DeferredTracer(queue),
    metrics: new DeferredMetrics(queue),
    connect: (provider) => queue.connect(provider && targetOf(provider)),
  };
}

/** The target of a provider of ours; of another implementation, for instance in a test, what its interface offers. */
function targetOf(provider: OtelProvider & { readonly [deferredTargetKey]?: DeferredTarget }): DeferredTarget {
  const { logger, tracer, metrics } = provider;
  return (
    provider[deferredTargetKey] ?? {
      logger,
      tracer,
      metrics,
      startSpan: (_ids, name, options, context) => tracer.startSpan(name, options, context),
      countDropped: () => {},
    }
  );
}
