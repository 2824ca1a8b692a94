import type { ExportResult } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { PushMetricExporter, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { EndingSink } from './ending-sink.ts';

/** Which points say what happened since the last export, and which what happened since the start. */
type Temporality = 'delta' | 'cumulative' | 'lowmemory';

/** Options for {@link HostMetricExporter}. */
export interface HostMetricExporterOptions {
  readonly sink: EndingSink<ResourceMetrics>;
  /** In place of the host's, which is the same for all signals. */
  readonly resource: Resource;
  readonly temporality: Temporality;
  /** Names of metrics that the collector does not want. */
  readonly excluded: ReadonlySet<string>;
}

/** The end of a host's meter provider: what its reader collects goes into the outlet, which answers for the delivery. */
export class HostMetricExporter implements PushMetricExporter {
  readonly #options: HostMetricExporterOptions;

  constructor(options: HostMetricExporterOptions) {
    this.#options = options;
  }

  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    const { sink, resource, excluded } = this.#options;
    const scopeMetrics = metrics.scopeMetrics
      .map(
        (scope): ScopeMetrics => ({
          ...scope,
          metrics: scope.metrics.filter(({ descriptor }) => !excluded.has(descriptor.name)),
        }),
      )
      .filter((scope) => scope.metrics.length > 0);
    if (scopeMetrics.length > 0) sink.push({ resource, scopeMetrics });
    resultCallback({ code: 0 });
  }

  forceFlush(): Promise<void> {
    return this.#options.sink.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#options.sink.shutdown();
  }

  selectAggregationTemporality(instrument: InstrumentType): AggregationTemporality {
    const delta = isDelta(this.#options.temporality, instrument);
    return delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
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
