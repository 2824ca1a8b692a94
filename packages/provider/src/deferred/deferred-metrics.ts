import type { MetricDescription, MetricsSink, Tags, Timer } from '@codex-otel/metrics';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { approximateBytes } from '../values/item-size.ts';
import { refused } from '../values/refused.ts';
import type { DeferredQueue } from './deferred-queue.ts';

/** A metrics sink whose values wait until there is a provider. */
export class DeferredMetrics implements MetricsSink {
  readonly #queue: DeferredQueue;

  constructor(queue: DeferredQueue) {
    this.#queue = queue;
  }

  counter(name: string, increment: number, tags?: Tags, description?: MetricDescription): void {
    this.#record(tags, (sink, kept) => sink.counter(name, increment, kept, description));
  }

  histogram(name: string, value: number, tags?: Tags): void {
    this.#record(tags, (sink, kept) => sink.histogram(name, value, kept));
  }

  recordDuration(name: string, durationMillis: number, tags?: Tags): void {
    this.#record(tags, (sink, kept) => sink.recordDuration(name, durationMillis, kept));
  }

  histogramWithBoundaries(
    name: string,
    boundaries: readonly number[],
    value: number,
    tags?: Tags,
    description?: MetricDescription,
  ): void {
    this.#record(tags, (sink, kept) => sink.histogramWithBoundaries?.(name, boundaries, value, kept, description));
  }

  recordDurationSeconds(name: string, description: string, seconds: number, tags?: Tags): void {
    this.#record(tags, (sink, kept) => sink.recordDurationSeconds?.(name, description, seconds, kept));
  }

  startTimer(name: string, tags?: Tags): Timer {
    const started = performance.now();
    let base: Tags | undefined;
    try {
      base = { ...tags };
    } catch (error) {
      refused('a timer', error);
    }
    let running = true;
    const record = (others?: Tags) => {
      if (!running) return;
      running = false;
      try {
        this.recordDuration(name, performance.now() - started, { ...others, ...base });
      } catch (error) {
        refused('a timer', error);
      }
    };
    return { record, [Symbol.dispose]: () => record() };
  }

  async snapshot(): Promise<ResourceMetrics> {
    const sink = this.#queue.target?.metrics;
    if (sink?.snapshot === undefined) throw new Error('there is no metrics client to take a snapshot of');
    return sink.snapshot();
  }

  async shutdown(options?: { readonly timeoutMillis?: number | undefined }): Promise<void> {
    await this.#queue.target?.metrics?.shutdown?.(options);
  }

  #record(tags: Tags | undefined, record: (sink: MetricsSink, tags: Tags | undefined) => void): void {
    const { target, connected } = this.#queue;
    if (connected) {
      if (target?.metrics !== undefined) record(target.metrics, tags);
      return;
    }
    try {
      const kept = tags && { ...tags };
      this.#queue.defer('metrics', approximateBytes(kept), ({ metrics }) => {
        if (metrics !== undefined) record(metrics, kept);
      });
    } catch (error) {
      refused('a metric', error);
    }
  }
}
