import { patience } from '@codex-otel/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { createNoopMeter, diag, metrics } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { MetricsConfig } from '../src/index.ts';
import { createMetricsClient, STATSIG_EXCLUDED_METRICS } from '../src/index.ts';
import { operatingSystem } from '../src/operating-system.ts';
import { histogramPoints, inMemoryClient, metricNamed, metricsOf, numberPoints, service } from './in-memory-client.ts';

function plainExporter(): PushMetricExporter & { readonly exported: ResourceMetrics[] } {
  const exported: ResourceMetrics[] = [];
  return {
    exported,
    export(metrics, done) {
      exported.push(metrics);
      done({ code: 0 });
    },
    async forceFlush() {},
    async shutdown() {},
  };
}

async function exportedTemporality(config: Partial<MetricsConfig>) {
  const exporter = plainExporter();
  const client = await createMetricsClient({ ...service, exporter, env: {}, ...config });
  client.counter('c', 1);
  client.gauge('g', 1);
  client.observableGauge('o', '', () => 1);
  await client.shutdown(patience);
  const { exported } = config.exporter === undefined ? exporter : (config.exporter as typeof exporter);
  return metricsOf(exported).map((metric) => metric.aggregationTemporality);
}

describe('createMetricsClient', () => {
  it('gives metrics the resource and scope of the service', async () => {
    const { client, exporter } = await inMemoryClient({ resourceAttributes: { team: 'agents', env: 'other' } });
    client.counter('c', 1);
    await client.shutdown(patience);

    const [exported] = exporter.getMetrics();
    expect(exported?.resource.attributes).toEqual({
      team: 'agents',
      'service.name': 'codex_cli_rs',
      'service.version': '1.2.3',
      env: 'test',
      ...operatingSystem(),
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': expect.stringMatching(/^3\.1\./),
    });
    expect(exported?.scopeMetrics.map(({ scope }) => scope)).toEqual([{ name: 'codex' }]);
  });

  it('takes a resource as it is', async () => {
    const resource = resourceFromAttributes({ 'service.name': 'mine' });
    const { client, exporter } = await inMemoryClient({ resource });
    client.counter('c', 1);
    await client.shutdown(patience);

    expect(exporter.getMetrics()[0]?.resource.attributes).toEqual({ 'service.name': 'mine' });
  });

  it.each<[string, Partial<MetricsConfig>, readonly [AggregationTemporality, AggregationTemporality]]>([
    ['delta', {}, [AggregationTemporality.DELTA, AggregationTemporality.DELTA]],
    [
      'as the setting says',
      { temporality: 'cumulative', env: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' } },
      [AggregationTemporality.CUMULATIVE, AggregationTemporality.CUMULATIVE],
    ],
    [
      'as the environment says',
      { env: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: ' LowMemory ' } },
      [AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE],
    ],
    [
      'delta if the environment is invalid',
      { env: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'sometimes' } },
      [AggregationTemporality.DELTA, AggregationTemporality.DELTA],
    ],
    [
      'as the exporter asks',
      { exporter: { ...plainExporter(), selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE } },
      [AggregationTemporality.CUMULATIVE, AggregationTemporality.CUMULATIVE],
    ],
  ])('has the temporality %s', async (_what, config, wanted) => {
    const [ofCounter, ofGauge] = wanted;
    expect(await exportedTemporality(config)).toEqual([ofCounter, ofGauge, ofGauge]);
  });

  it('keeps counting if cumulative', async () => {
    const { client, exporter } = await inMemoryClient({ temporality: 'cumulative' });
    client.counter('c', 1);
    await client.forceFlush();
    client.counter('c', 2);
    await client.shutdown(patience);

    expect(metricsOf(exporter.getMetrics()).map(numberPoints)).toEqual([
      [{ value: 1, attributes: {} }],
      [{ value: 3, attributes: {} }],
    ]);
  });

  it.each<MetricsConfig['exporter']>([{ kind: 'none' }, { kind: 'statsig' }])(
    'rejects for the exporter %p',
    async (exporter) => {
      await expect(createMetricsClient({ ...service, exporter, env: {} })).rejects.toMatchObject({
        code: 'EXPORTER_DISABLED',
      });
    },
  );

  it('rejects for a bad default tag', async () => {
    await expect(inMemoryClient({ defaultTags: { 'bad key': 'v' } })).rejects.toMatchObject({
      code: 'INVALID_TAG_COMPONENT',
      label: 'tag key',
      value: 'bad key',
    });
  });

  it('leaves nothing running when it rejects', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    let flushes = 0;
    exporter.forceFlush = async () => {
      flushes += 1;
    };
    await expect(inMemoryClient({ defaultTags: { k: '' }, exportIntervalMillis: 1 }, exporter)).rejects.toMatchObject({
      code: 'EMPTY_TAG_COMPONENT',
    });
    // By the time that a client made later has exported, the refused one would have too.
    const later = await inMemoryClient({ exportIntervalMillis: 20 });
    later.client.counter('c', 1);
    await until(() => later.exporter.getMetrics().length > 0);

    expect(flushes).toBe(0);
  });

  it.each([0, -1, Number.NaN, Infinity, 2 ** 31])('rejects for the interval %p', async (exportIntervalMillis) => {
    await expect(inMemoryClient({ exportIntervalMillis })).rejects.toMatchObject({ code: 'INVALID_VALUE' });
  });

  it('exports at each interval, as the setting says', async () => {
    const { client, exporter } = await inMemoryClient({ exportIntervalMillis: 20 });
    client.counter('c', 1);
    await until(() => exporter.getMetrics().length === 1);
    client.counter('c', 1);
    await until(() => exporter.getMetrics().length === 2);
    await client.shutdown(patience);

    expect(exporter.getMetrics()).toHaveLength(2);
  });

  it('exports at each interval, as the environment says', async () => {
    const { client, exporter } = await inMemoryClient({ env: { OTEL_METRIC_EXPORT_INTERVAL: '20' } });
    client.counter('c', 1);
    await until(() => exporter.getMetrics().length === 1);
    await client.shutdown(patience);
  });

  it.each(['9999999999', '0.5', '1e3', '-20', 'soon'])(
    'takes no interval from the environment that is %p',
    async (text) => {
      const setInterval = jest.spyOn(globalThis, 'setInterval');
      const { client } = await inMemoryClient({ env: { OTEL_METRIC_EXPORT_INTERVAL: text } });
      expect(setInterval.mock.calls).toEqual([[expect.any(Function), 60_000]]);
      setInterval.mockRestore();
      await client.shutdown(patience);
    },
  );

  it('keeps the metrics of the Statsig list out of the export and in the snapshot', async () => {
    const { client, exporter } = await inMemoryClient({
      excludedMetrics: STATSIG_EXCLUDED_METRICS,
      runtimeReader: true,
    });
    const names = [...STATSIG_EXCLUDED_METRICS, 'codex.turns'];

    for (const name of names) client.counter(name, 1);
    const snapshot = await client.snapshot();
    await client.shutdown(patience);

    expect(metricsOf(exporter.getMetrics()).map((metric) => metric.descriptor.name)).toEqual(['codex.turns']);
    expect(metricsOf(snapshot).map((metric) => metric.descriptor.name)).toEqual(names);
  });
});

describe("createMetricsClient on a host's provider", () => {
  async function onHost() {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const meterProvider = new MeterProvider({ readers: [reader] });
    const client = await createMetricsClient({ meterProvider, defaultTags: { env: 'prod' } });
    return { client, exporter, meterProvider };
  }

  it('records through the API with the same names, units, boundaries and tags', async () => {
    const { client, exporter } = await onHost();
    const { client: own, exporter: ownExporter } = await inMemoryClient({ defaultTags: { env: 'prod' } });

    for (const each of [client, own]) {
      each.counter('codex.turns', 1, { env: 'dev' });
      each.counterWithDescription('codex.described', 'Text.', 1);
      each.histogram('codex.turn.token_usage', 5);
      each.recordDuration('codex.tool.call.duration_ms', 15.9);
      each.recordDurationSeconds('d', 'Text.', 0.5);
      each.gauge('g', 3);
      each.observableGauge('o', 'Text.', () => 4, { of: 'process' });
    }
    await client.shutdown(patience);
    await own.shutdown(patience);

    const shape = (exported: readonly ResourceMetrics[]) =>
      metricsOf(exported).map(({ descriptor: { name, unit, description, valueType }, ...metric }) => ({
        name,
        unit,
        description,
        valueType,
        points:
          metric.dataPointType === DataPointType.HISTOGRAM
            ? metric.dataPoints.map(({ attributes, value }) => ({ attributes, value }))
            : metric.dataPoints.map(({ attributes, value }) => ({ attributes, value })),
      }));
    expect(shape(exporter.getMetrics())).toEqual(shape(ownExporter.getMetrics()));
    expect(shape(exporter.getMetrics())).toHaveLength(7);
  });

  it('checks names, values and tags, as without a host', async () => {
    const { client } = await onHost();

    expect(() => client.counter('bad name', 1)).toThrow(expect.objectContaining({ code: 'INVALID_METRIC_NAME' }));
    expect(() => client.counter('c', -1)).toThrow(expect.objectContaining({ code: 'NEGATIVE_COUNTER_INCREMENT' }));
    expect(() => client.counter('c', 1, { k: 'a b' })).toThrow(
      expect.objectContaining({ code: 'INVALID_TAG_COMPONENT' }),
    );
  });

  it('cannot be read', async () => {
    const { client } = await onHost();

    expect(client.collectNow()).toBeUndefined();
    await expect(client.snapshot()).rejects.toMatchObject({ code: 'RUNTIME_SNAPSHOT_UNAVAILABLE' });
  });

  it('flushes the provider and leaves it running', async () => {
    const { client, exporter, meterProvider } = await onHost();
    client.counter('c', 1);
    await client.shutdown(patience);

    meterProvider.getMeter('host').createCounter('still').add(1);
    await meterProvider.forceFlush();

    expect(metricsOf(exporter.getMetrics()).map((metric) => metric.descriptor.name)).toEqual(['c', 'still']);
  });

  it('reports that metrics go nowhere if no provider is registered', async () => {
    const warnings: string[] = [];
    const silent = () => {};
    const logger = { error: silent, info: silent, debug: silent, verbose: silent };
    diag.setLogger({ ...logger, warn: (message) => warnings.push(message) });
    try {
      await createMetricsClient({ meterProvider: metrics.getMeterProvider() });
      await onHost();
    } finally {
      diag.disable();
    }

    expect(warnings).toEqual(['codex-otel/metrics: metrics are not exported: the meter provider is a no-op']);
  });

  it('works on a provider without forceFlush', async () => {
    const client = await createMetricsClient({ meterProvider: { getMeter: () => createNoopMeter() } });

    client.counter('c', 1);
    await client.forceFlush();
    await client.shutdown(patience);
  });

  it('bounds the shutdown of a provider that hangs', async () => {
    const meterProvider = { getMeter: () => createNoopMeter(), forceFlush: () => new Promise<void>(() => {}) };
    const client = await createMetricsClient({ meterProvider });

    await expect(client.shutdown({ timeoutMillis: 20 })).rejects.toMatchObject({
      code: 'SHUTDOWN_FAILED',
      message: expect.stringContaining("the host's meter provider was not flushed within 20 ms"),
    });
  });
});

describe('histogram boundaries by name', () => {
  it.each([
    ['codex.turn.token_usage', 14, 1, 67_108_864],
    ['codex.guardian.review.token_usage', 14, 1, 67_108_864],
    ['codex.thread.tools.namespaces_total', 511, 0, 32_768],
    ['codex.thread.tools.fragment_bytes', 511, 0, 32_768],
    ['codex.thread.skills.enabled_total', 513, 0, 512],
    ['codex.thread.skills.kept_total', 513, 0, 512],
    ['codex.thread.skills.description_truncated_chars', 511, 0, 131_072],
    ['codex.thread.skills.truncated', 2, 0, 1],
    ['codex.turn.tool.call', 15, 0, 10_000],
  ])('of %s are %i, from %i to %i, ascending', async (name, count, first, last) => {
    const { client, exporter } = await inMemoryClient();
    client.histogram(name, 1);
    await client.shutdown(patience);

    const [point] = histogramPoints(metricNamed(exporter.getMetrics(), name));
    const boundaries = point?.value.buckets.boundaries ?? [];
    expect(boundaries).toHaveLength(count);
    expect([boundaries[0], boundaries.at(-1)]).toEqual([first, last]);
    expect(boundaries).toEqual(boundaries.toSorted((a, b) => a - b));
    expect(new Set(boundaries).size).toBe(count);
    expect(point?.value.buckets.counts).toHaveLength(count + 1);
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('not seen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
