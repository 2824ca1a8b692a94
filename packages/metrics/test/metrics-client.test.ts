import { describe, expect, it } from '@jest/globals';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, DataPointType, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import type { MetricsConfig } from '../src/index.ts';
import { createMetricsClient } from '../src/index.ts';

const service = { environment: 'test', serviceName: 'codex-cli', serviceVersion: '1.2.3' };

async function inMemory(config: Partial<MetricsConfig> = {}) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const client = await createMetricsClient({ ...service, exporter: { kind: 'in-memory', exporter }, ...config });
  return { client, exporter };
}

function metricsByName(exported: readonly ResourceMetrics[]) {
  const metrics = exported.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
}

describe('MetricsClient', () => {
  it('lets the tags of a call win over the default tags', async () => {
    const { client, exporter } = await inMemory({ defaultTags: { service: 'codex-cli', env: 'prod' } });

    client.counter('codex.turns', 1, { model: 'gpt-5.1', env: 'dev' });
    await client.shutdown();

    expect(metricsByName(exporter.getMetrics()).get('codex.turns')).toMatchObject({
      dataPointType: DataPointType.SUM,
      aggregationTemporality: AggregationTemporality.DELTA,
      isMonotonic: true,
      dataPoints: [{ value: 1, attributes: { env: 'dev', model: 'gpt-5.1', service: 'codex-cli' } }],
    });
  });

  it('exports nothing when nothing was recorded', async () => {
    const { client, exporter } = await inMemory();

    await client.shutdown();

    expect(exporter.getMetrics()).toEqual([]);
  });
});
