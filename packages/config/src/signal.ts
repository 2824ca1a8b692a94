/** The three things that are exported. */
export type OtelSignal = 'logs' | 'traces' | 'metrics';

/** The key of each signal's exporter in the `[otel]` table. */
export const EXPORTER_KEYS: {
  readonly logs: 'exporter';
  readonly traces: 'trace_exporter';
  readonly metrics: 'metrics_exporter';
} = { logs: 'exporter', traces: 'trace_exporter', metrics: 'metrics_exporter' };

/** The signals, in the order of their keys. */
export const SIGNALS: readonly OtelSignal[] = ['logs', 'traces', 'metrics'];
