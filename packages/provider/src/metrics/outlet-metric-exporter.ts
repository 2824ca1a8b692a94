import type { ExportResult } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { FlushOptions } from '../outlet/outlet.ts';

/** Where collected metrics go. */
export interface MetricSink {
  push(metrics: ResourceMetrics): void;
  forceFlush(options?: FlushOptions): Promise<void>;
  shutdown(options?: FlushOptions): Promise<void>;
}

/** Which points say what happened since the last export, and which what happened since the start. */
export type Temporality = 'delta' | 'cumulative' | 'lowmemory';

/** Options for {@link OutletMetricExporter}. */
export interface OutletMetricExporterOptions {
  readonly sink: MetricSink;
  readonly temporality: Temporality;
  /** Names of metrics that this collector does not want. */
  readonly excludedNames?: ReadonlySet<string> | undefined;
}

/** The end of the metrics pipeline: what a reader collects goes into the outlet, which answers for its delivery. */
export class OutletMetricExporter implements PushMetricExporter {
  /** How long a flush may take that the reader asks for; set by who asks the reader. */
  flushTimeoutMillis: number | undefined;
  readonly #sink: MetricSink;
  readonly #temporality: Temporality;
  readonly #excludedNames: ReadonlySet<string>;

  constructor({ sink, temporality, excludedNames = new Set() }: OutletMetricExporterOptions) {
    this.#sink = sink;
    this.#temporality = temporality;
    this.#excludedNames = excludedNames;
  }

  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    const wanted = this.#wanted(metrics);
    if (wanted.scopeMetrics.length > 0) this.#sink.push(wanted);
    resultCallback({ code: 0 });
  }

  forceFlush(): Promise<void> {
    return this.#sink.forceFlush({ timeoutMillis: this.flushTimeoutMillis });
  }

  shutdown(): Promise<void> {
    return this.#sink.shutdown({ timeoutMillis: this.flushTimeoutMillis });
  }

  selectAggregationTemporality(instrument: InstrumentType): AggregationTemporality {
    return isDelta(this.#temporality, instrument) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  }

  #wanted(metrics: ResourceMetrics): ResourceMetrics {
    const scopeMetrics = metrics.scopeMetrics
      .map((scope) => ({
        ...scope,
        metrics: scope.metrics.filter(({ descriptor }) => !this.#excludedNames.has(descriptor.name)),
      }))
      .filter((scope) => scope.metrics.length > 0);
    return { resource: metrics.resource, scopeMetrics };
  }
}

/** @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/#additional-environment-variable-configuration */
function isDelta(temporality: Temporality, instrument: InstrumentType): boolean {
  switch (instrument) {
    case InstrumentType.COUNTER:
    case InstrumentType.HISTOGRAM:
      return temporality !== 'cumulative';
    case InstrumentType.OBSERVABLE_COUNTER:
      return temporality === 'delta';
    case InstrumentType.UP_DOWN_COUNTER:
    case InstrumentType.OBSERVABLE_UP_DOWN_COUNTER:
    case InstrumentType.GAUGE:
    case InstrumentType.OBSERVABLE_GAUGE:
      return false;
  }
}
