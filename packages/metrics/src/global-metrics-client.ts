import { MetricsError } from './metrics-error.ts';
import type { MetricsSink, Tags, Timer } from './metrics-sink.ts';
import { processState } from './process-state.ts';
import { createTimer } from './timer.ts';

/** Installs the client that the whole process records to, in place of an earlier one; `undefined` removes it. */
export function setGlobalMetricsClient(client: MetricsSink | undefined): void {
  processState().client = client;
}

/**
 * A handle on the process-wide client; `undefined` while no client is installed. A handle always records to the client
 * that was installed last, and does nothing after that one is removed.
 */
export function getGlobalMetricsClient(): MetricsSink | undefined {
  return processState().client === undefined ? undefined : handle;
}

/** Starts a timer that records to the client that is installed when it ends. */
export function startGlobalTimer(name: string, tags?: Tags): Timer {
  return handle.startTimer(name, tags);
}

const handle: Required<MetricsSink> = {
  counter: (name, increment, tags, description) => processState().client?.counter(name, increment, tags, description),
  histogram: (name, value, tags) => processState().client?.histogram(name, value, tags),
  recordDuration: (name, millis, tags) => processState().client?.recordDuration(name, millis, tags),
  histogramWithBoundaries: (name, boundaries, value, tags, description) =>
    processState().client?.histogramWithBoundaries?.(name, boundaries, value, tags, description),
  recordDurationSeconds: (name, description, seconds, tags) =>
    processState().client?.recordDurationSeconds?.(name, description, seconds, tags),
  startTimer: (name, tags) => createTimer({ sink: handle }, name, tags),
  async snapshot() {
    const { client } = processState();
    if (client === undefined) throw new MetricsError('EXPORTER_DISABLED', 'no metrics client is installed');
    if (client.snapshot === undefined) {
      throw new MetricsError('RUNTIME_SNAPSHOT_UNAVAILABLE', 'the installed metrics client cannot be read');
    }
    return client.snapshot();
  },
  async shutdown(options) {
    await processState().client?.shutdown?.(options);
  },
};
