/** The three kinds of telemetry, named as OTLP's paths name them. */
export type Signal = 'traces' | 'logs' | 'metrics';

export const SIGNALS: readonly Signal[] = ['traces', 'logs', 'metrics'];
