import type { MetricsSink } from './metrics-sink.ts';

/** What the whole process shares, the ESM and the CommonJS copy of this package alike. */
export interface ProcessState {
  client?: MetricsSink | undefined;
  processStartRecorded?: boolean | undefined;
  foreignApiReported?: boolean | undefined;
}

const key: unique symbol = Symbol.for('codex-otel.metrics.v1');

/** The one state of this process. */
export function processState(): ProcessState {
  const holder: typeof globalThis & { [key]?: ProcessState } = globalThis;
  holder[key] ??= {};
  return holder[key];
}
