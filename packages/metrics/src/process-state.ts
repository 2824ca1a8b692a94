import type { MetricsSink } from './metrics-sink.ts';

/** State of the process, shared by the ESM and the CommonJS copy of this package. */
export interface ProcessState {
  client?: MetricsSink | undefined;
  processStartRecorded?: boolean | undefined;
  foreignApiReported?: boolean | undefined;
}

const key: unique symbol = Symbol.for('codex-otel.metrics.v1');

/** The state of this process. */
export function processState(): ProcessState {
  const holder: typeof globalThis & { [key]?: ProcessState } = globalThis;
  holder[key] ??= {};
  return holder[key];
}
