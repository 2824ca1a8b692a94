import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

type ExportDone = Parameters<PushMetricExporter['export']>[1];

/** An exporter that is loaded when it is first used. */
export class LazyExporter implements PushMetricExporter {
  readonly #load: () => Promise<PushMetricExporter>;
  #exporter: Promise<PushMetricExporter> | undefined;

  constructor(load: () => Promise<PushMetricExporter>) {
    this.#load = load;
  }

  export(metrics: ResourceMetrics, resultCallback: ExportDone): void {
    this.#exporter ??= this.#load();
    this.#exporter.then(
      (exporter) => exporter.export(metrics, resultCallback),
      (error) => resultCallback({ code: 1, error }),
    );
  }

  async forceFlush(): Promise<void> {
    await (await this.#exporter)?.forceFlush();
  }

  async shutdown(): Promise<void> {
    await (await this.#exporter)?.shutdown();
  }
}
