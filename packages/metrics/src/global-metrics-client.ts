import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricsError } from './metrics-error.ts';
import type { MetricDescription, MetricsSink, Tags, Timer } from './metrics-sink.ts';
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
  counter(name: string, increment: number, tags?: Tags, description?: MetricDescription): void {
    processState().client?.counter(name, increment, tags, description);
  },
  histogram(name: string, value: number, tags?: Tags): void {
    processState().client?.histogram(name, value, tags);
  },
  recordDuration(name: string, durationMillis: number, tags?: Tags): void {
    processState().client?.recordDuration(name, durationMillis, tags);
  },
  histogramWithBoundaries(
    name: string,
    boundaries: readonly number[],
    value: number,
    tags?: Tags,
    description?: MetricDescription,
  ): void {
    processState().client?.histogramWithBoundaries?.(name, boundaries, value, tags, description);
  },
  recordDurationSeconds(name: string, description: string, seconds: number, tags?: Tags): void {
    processState().client?.recordDurationSeconds?.(name, description, seconds, tags);
  },
  startTimer(name: string, tags?: Tags): Timer {
    return createTimer({ sink: handle }, name, tags);
  },
  async snapshot(): Promise<ResourceMetrics> {
    const { client } = processState();
    if (client === undefined) throw new MetricsError('EXPORTER_DISABLED', 'no metrics client is installed');
    if (client.snapshot === undefined) {
      throw new MetricsError('RUNTIME_SNAPSHOT_UNAVAILABLE', 'the installed metrics client cannot be read');
    }
    return client.snapshot();
  },
  async shutdown(options?: { readonly timeoutMillis?: number | undefined }): Promise<void> {
    await processState().client?.shutdown?.(options);
  },
};
