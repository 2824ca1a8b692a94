import { afterEach } from '@jest/globals';
import type { DataPoint, Histogram, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, DataPointType, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import type { MetricsClient, MetricsConfig } from '../src/index.ts';
import { createMetricsClient } from '../src/index.ts';

/** What every configuration names. */
export const service = { environment: 'test', serviceName: 'codex_cli_rs', serviceVersion: '1.2.3' };

const running = new Set<MetricsClient>();

// A client's timer would fire in a later test file, when the modules of this one can no longer be loaded.
afterEach(async () => {
  const clients = [...running];
  running.clear();
  await Promise.allSettled(clients.map((client) => client.shutdown({ timeoutMillis: 100 })));
});

/** A client, and what it exports. It ends with the test. */
export async function inMemoryClient(
  config: Partial<MetricsConfig> = {},
  exporter: InMemoryMetricExporter = new InMemoryMetricExporter(AggregationTemporality.DELTA),
): Promise<{ readonly client: MetricsClient; readonly exporter: InMemoryMetricExporter }> {
  const client = await createMetricsClient({ ...service, exporter: { kind: 'in-memory', exporter }, ...config });
  running.add(client);
  return { client, exporter };
}

/** All metrics of all exports, by name, kind and unit, in order. */
export function metricsOf(exported: ResourceMetrics | readonly ResourceMetrics[]): readonly MetricData[] {
  return [exported].flat().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
}

/** The one metric of that name. */
export function metricNamed(exported: ResourceMetrics | readonly ResourceMetrics[], name: string): MetricData {
  const found = metricsOf(exported).filter((metric) => metric.descriptor.name === name);
  const [metric] = found;
  if (metric === undefined || found.length > 1) throw new Error(`${found.length} metrics are called ${name}`);
  return metric;
}

/** Points of a counter or gauge: tags and value. */
export function numberPoints(metric: MetricData): readonly Pick<DataPoint<number>, 'attributes' | 'value'>[] {
  if (metric.dataPointType !== DataPointType.SUM && metric.dataPointType !== DataPointType.GAUGE) {
    throw new Error(`${metric.descriptor.name} is no counter or gauge`);
  }
  return metric.dataPoints.map(({ attributes, value }) => ({ attributes, value }));
}

/** Points of a histogram. */
export function histogramPoints(metric: MetricData): readonly DataPoint<Histogram>[] {
  if (metric.dataPointType !== DataPointType.HISTOGRAM) throw new Error(`${metric.descriptor.name} is no histogram`);
  return metric.dataPoints;
}
