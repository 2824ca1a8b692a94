import type { PlainMetrics, PlainResource } from '@codex-otel/metrics/otlp';
import type { ExportResult } from '@opentelemetry/core';
import type { MetricData, PushMetricExporter, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import { encodableScope } from '../values/encodable-scope.ts';
import { plainAttributes } from '../values/kept-attributes.ts';
import type { EndingSink } from './ending-sink.ts';

/** Which points count since the last export, and which since the start. */
type Temporality = 'delta' | 'cumulative' | 'lowmemory';

/** Options for {@link HostMetricExporter}. */
export interface HostMetricExporterOptions {
  readonly sink: EndingSink<PlainMetrics>;
  /** Used instead of the host's, which is the same for all signals. */
  readonly resource: PlainResource;
  readonly temporality: Temporality;
  /** Names of metrics that are not exported. */
  readonly excluded: ReadonlySet<string>;
}

/** Puts what a host's metric reader collects into the outlet, which is responsible for the delivery. */
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
          scope: encodableScope(scope.scope),
          metrics: scope.metrics.filter(({ descriptor }) => !excluded.has(descriptor.name)).map(encodableMetric),
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

/** The metric without values that cannot be encoded: the SDK accepts descriptions and attributes of any type. */
function encodableMetric(metric: MetricData): MetricData {
  const { descriptor, dataPoints } = metric;
  const isPlain = typeof descriptor.description === 'string' && typeof descriptor.unit === 'string';
  if (isPlain && dataPoints.every(({ attributes }) => plainAttributes(attributes) === attributes)) return metric;
  return {
    ...metric,
    descriptor: { ...descriptor, description: textOf(descriptor.description), unit: textOf(descriptor.unit) },
    dataPoints: dataPoints.map((point) => ({
      ...point,
      attributes: plainAttributes(point.attributes),
    })),
  } as MetricData;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * @see
 * https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/#additional-environment-variable-configuration
 */
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
