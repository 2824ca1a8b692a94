import type { OtelSignal } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import type { ProviderStats } from '../pipeline/otel-shutdown-error.ts';

/** The name of what tells that telemetry was lost: a log record after an outage, and a counter. */
export const telemetryDropped = 'codex.telemetry_dropped';

const signals: readonly OtelSignal[] = ['traces', 'logs', 'metrics'];

/**
 * Counts what was lost as a metric, so that it stands beside what arrived. What is lost after the last export of metrics
 * is in the statistics alone.
 *
 * @returns counts what was lost since its last call.
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
