import type { ExportResult } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** Where collected metrics go. */
export interface MetricSink {
  push(metrics: ResourceMetrics): void;
  forceFlush(): Promise<void>;
}

/** Puts what the metrics client collects into the outlet, which is responsible for the delivery. */
export class OutletMetricExporter implements PushMetricExporter {
  readonly #sink: MetricSink;
  #ended = false;

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    if (!this.#ended && metrics.scopeMetrics.length > 0) this.#sink.push(metrics);
    resultCallback({ code: 0 });
  }

  /** From here on the provider controls the outlet, and the client may end without waiting for it. */
  end(): void {
    this.#ended = true;
  }

  async forceFlush(): Promise<void> {
    if (!this.#ended) await this.#sink.forceFlush();
  }

  /** Leaves the outlet open: it belongs to the provider. */
  shutdown(): Promise<void> {
    return this.forceFlush();
  }
}
