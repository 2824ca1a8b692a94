import type { MetricsSink } from '@codex-otel/metrics';
import type { Logger, Tracer } from '@opentelemetry/api';
import type { OtelProvider } from '../otel-provider.ts';
import { DeferredLogger } from './deferred-logger.ts';
import { DeferredMetrics } from './deferred-metrics.ts';
import { DeferredQueue } from './deferred-queue.ts';
import type { DeferredTarget } from './deferred-target.ts';
import { deferredTargetKey } from './deferred-target.ts';
import { DeferredTracer } from './deferred-tracer.ts';

/** Logger, tracer and metrics sink that can be used before there is a provider. */
export interface DeferredSinks {
  /** For log records, as `OtelProvider.logger`. */
  readonly logger: Logger;
  /** For spans, as `OtelProvider.tracer`. */
  readonly tracer: Tracer;
  /** For metrics. After `connect` without a metrics exporter it does nothing. */
  readonly metrics: MetricsSink;
  /**
   * Delivers what was recorded so far, in order and with its original times; from then on the sinks record directly to
   * the provider.
   *
   * @param provider - What `createOtelProvider` gives. `undefined`, if everything is off, discards what was recorded.
   */
  connect(provider: OtelProvider | undefined): void;
}

/** Options for {@link deferredSinks}. */
export interface DeferredSinksOptions {
  /** Maximum number of records, values, spans and changes to spans that wait. @defaultValue 10000 */
  readonly maxItems?: number | undefined;
  /** Approximate maximum size of them, in bytes. @defaultValue 8 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * Sinks for an agent that records from its start, while its provider is still being created.
 *
 * Spans have their final ids at once, so that headers and children that are made before the provider refer to the
 * exported span. Items that do not fit are dropped and counted in the provider's `stats()`; each value of a metric
 * counts as one data point.
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

/** The target of our provider; for another implementation, such as a test's, one made of its public interface. */
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
