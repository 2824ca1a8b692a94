import type { OtelSignal } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import type { ProviderStats } from '../pipeline/otel-shutdown-error.ts';

/** The name of the log record after an outage and of the counter that report lost telemetry. */
export const telemetryDropped = 'codex.telemetry_dropped';

const signals: readonly OtelSignal[] = ['traces', 'logs', 'metrics'];

/**
 * Counts lost items as a metric. What is lost after the last export of metrics is only in the statistics.
 *
 * @returns a function that counts what was lost since its last call.
 */
export function lossCounter(stats: () => ProviderStats, metrics: MetricsClient | undefined): () => void {
  const counted: Record<OtelSignal, number> = { traces: 0, logs: 0, metrics: 0 };
  return () => {
    const now = stats();
    for (const signal of signals) {
      const lost = now[signal].dropped + now[signal].failed;
      const news = lost - counted[signal];
      if (news <= 0) continue;
      counted[signal] = lost;
      metrics?.counter(telemetryDropped, news, { signal });
    }
  };
}
