import { describe, expect, it } from '@jest/globals';
import { AggregationTemporality, DataPointType, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import type { MetricsClient } from '../src/index.ts';
import { histogramPoints, inMemoryClient, metricNamed, metricsOf, numberPoints } from './in-memory-client.ts';

const defaultTags = { service: 'codex-cli', env: 'prod' };

describe('MetricsClient.counter', () => {
  it('lets the tags of a call win over the default tags', async () => {
    const { client, exporter } = await inMemoryClient({ defaultTags });

    client.counter('codex.turns', 1, { model: 'gpt-5.1', env: 'dev' });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'codex.turns');
    expect(metric).toMatchObject({
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      aggregationTemporality: AggregationTemporality.DELTA,
      descriptor: { name: 'codex.turns', unit: '', description: '' },
    });
    expect(numberPoints(metric)).toEqual([
      { value: 1, attributes: { env: 'dev', model: 'gpt-5.1', service: 'codex-cli' } },
    ]);
  });

  it('does not let the tags of one call into another', async () => {
    const { client, exporter } = await inMemoryClient({ defaultTags: { ...defaultTags, region: 'us' } });

    client.counter('codex.alpha', 1, { env: 'dev', component: 'alpha' });
    client.counter('codex.beta', 2, { service: 'worker', component: 'beta' });
    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'codex.alpha'))).toEqual([
      { value: 1, attributes: { component: 'alpha', env: 'dev', region: 'us', service: 'codex-cli' } },
    ]);
    expect(numberPoints(metricNamed(exporter.getMetrics(), 'codex.beta'))).toEqual([
      { value: 2, attributes: { component: 'beta', env: 'prod', region: 'us', service: 'worker' } },
    ]);
  });

  it('keeps the description that it was given', async () => {
    const { client, exporter } = await inMemoryClient();

    client.counter('codex.turns', 1);
    client.counterWithDescription('codex.turns', 'Turns taken.', 1);
    client.counter('codex.turns', 1);
    await client.shutdown();

    expect(metricNamed(exporter.getMetrics(), 'codex.turns')).toMatchObject({
      descriptor: { description: 'Turns taken.' },
      dataPoints: [{ value: 3 }],
    });
  });

  it.each([
    [-1, 'NEGATIVE_COUNTER_INCREMENT'],
    [-0.5, 'NEGATIVE_COUNTER_INCREMENT'],
    [-Infinity, 'NEGATIVE_COUNTER_INCREMENT'],
    [Number.NaN, 'INVALID_VALUE'],
    [Infinity, 'INVALID_VALUE'],
    [0.5, 'INVALID_VALUE'],
    [1e300, 'INVALID_VALUE'],
    [Number.MAX_SAFE_INTEGER + 1, 'INVALID_VALUE'],
  ])('refuses %p with %s and records nothing', async (increment, code) => {
    const { client, exporter } = await inMemoryClient();

    expect(() => client.counter('codex.turns', increment)).toThrow(expect.objectContaining({ code, value: increment }));
    await client.shutdown();

    expect(exporter.getMetrics()).toEqual([]);
  });

  it.each([0, 1, Number.MAX_SAFE_INTEGER])('takes %p', async (increment) => {
    const { client, exporter } = await inMemoryClient();

    client.counter('codex.turns', increment);
    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'codex.turns'))).toEqual([
      { value: increment, attributes: {} },
    ]);
  });

  it('checks the name before the increment, and that before the tags', async () => {
    const { client } = await inMemoryClient();

    expect(() => client.counter('bad name', -1, { 'bad key': 'v' })).toThrow(
      expect.objectContaining({ code: 'INVALID_METRIC_NAME', value: 'bad name' }),
    );
    expect(() => client.counter('good', -1, { 'bad key': 'v' })).toThrow(
      expect.objectContaining({ code: 'NEGATIVE_COUNTER_INCREMENT' }),
    );
    expect(() => client.counter('good', 1, { 'bad key': 'v', ok: 'bad value' })).toThrow(
      expect.objectContaining({ code: 'INVALID_TAG_COMPONENT', label: 'tag key', value: 'bad key' }),
    );
  });

  it('records nothing when a tag is bad', async () => {
    const { client, exporter } = await inMemoryClient();

    expect(() => client.counter('codex.turns', 1, { 'bad key': 'v' })).toThrow();
    await client.shutdown();

    expect(exporter.getMetrics()).toEqual([]);
  });

  it.each([
    ['', 'EMPTY_METRIC_NAME'],
    ['a b', 'INVALID_METRIC_NAME'],
    ['a/b', 'INVALID_METRIC_NAME'],
    ['ü', 'INVALID_METRIC_NAME'],
    ['a\n', 'INVALID_METRIC_NAME'],
  ])('refuses the name %p', async (name, code) => {
    const { client } = await inMemoryClient();

    expect(() => client.counter(name, 1)).toThrow(expect.objectContaining({ code }));
    expect(() => client.histogram(name, 1)).toThrow(expect.objectContaining({ code }));
    expect(() => client.recordDuration(name, 1)).toThrow(expect.objectContaining({ code }));
    expect(() => client.gauge(name, 1)).toThrow(expect.objectContaining({ code }));
    expect(() => client.observableGauge(name, '', () => 1)).toThrow(expect.objectContaining({ code }));
  });

  it('takes every allowed character', async () => {
    const { client, exporter } = await inMemoryClient();

    client.counter('a.b_c-D9', 1, { 'k/x': 'v/y.z' });
    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'a.b_c-D9'))).toEqual([
      { value: 1, attributes: { 'k/x': 'v/y.z' } },
    ]);
  });
});

describe('MetricsClient.histogram', () => {
  it('puts a value into its bucket', async () => {
    const { client, exporter } = await inMemoryClient({ defaultTags });

    client.histogram('codex.tool_latency', 25, { tool: 'shell' });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'codex.tool_latency');
    const [point] = histogramPoints(metric);
    expect(metric).toMatchObject({
      dataPointType: DataPointType.HISTOGRAM,
      aggregationTemporality: AggregationTemporality.DELTA,
      descriptor: { unit: '', description: '' },
    });
    expect(point).toMatchObject({
      attributes: { env: 'prod', service: 'codex-cli', tool: 'shell' },
      value: { sum: 25, count: 1, min: 25, max: 25 },
    });
    expect(point?.value.buckets.boundaries).toEqual([
      0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
    ]);
    expect(point?.value.buckets.counts).toEqual([0, 0, 0, 1, ...new Array(12).fill(0)]);
  });

  it.each([-3, 0.25, 1e300])('takes %p', async (value) => {
    const { client, exporter } = await inMemoryClient();

    client.histogram('h', value);
    await client.shutdown();

    expect(histogramPoints(metricNamed(exporter.getMetrics(), 'h'))).toMatchObject([
      { value: { sum: value, count: 1 } },
    ]);
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses %p', async (value) => {
    const { client } = await inMemoryClient();

    expect(() => client.histogram('h', value)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    expect(() => client.histogramWithBoundaries('b', [1], value)).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    );
  });
});

describe('MetricsClient.histogramWithBoundaries', () => {
  it('has the buckets, the unit and the description that it was given', async () => {
    const { client, exporter } = await inMemoryClient();

    client.histogramWithBoundaries('h', [1, 2], 2, { k: 'v' }, { unit: '{token}', description: 'Tokens.' });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'h');
    expect(metric.descriptor).toMatchObject({ unit: '{token}', description: 'Tokens.' });
    expect(histogramPoints(metric)).toMatchObject([
      { attributes: { k: 'v' }, value: { buckets: { boundaries: [1, 2], counts: [0, 1, 0] } } },
    ]);
  });

  it.each([[[2, 1]], [[1, 1]], [[Number.NaN]], [[0, Infinity]]])('refuses the boundaries %p', async (boundaries) => {
    const { client } = await inMemoryClient();

    expect(() => client.histogramWithBoundaries('h', boundaries, 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    );
  });
});

describe('MetricsClient.recordDuration', () => {
  it('records milliseconds with unit, description and the boundaries of durations', async () => {
    const { client, exporter } = await inMemoryClient();

    client.recordDuration('codex.tool.call.duration_ms', 15, { route: 'chat' });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'codex.tool.call.duration_ms');
    expect(metric.descriptor).toMatchObject({ unit: 'ms', description: 'Duration in milliseconds.' });
    const [point] = histogramPoints(metric);
    expect(point).toMatchObject({ attributes: { route: 'chat' }, value: { sum: 15, count: 1 } });
    expect(point?.value.buckets.boundaries).toEqual([
      0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250, 2500, 3000, 3500, 4000, 4500, 5000,
      6000, 7000, 7500, 8000, 9000, 10_000, 12_000, 15_000, 20_000, 30_000, 60_000, 120_000,
    ]);
  });

  it.each([
    ['codex.sse_event.duration_ms', 1.9, 1],
    ['codex.responses_api_engine_iapi_tbt.duration_ms', 1.9, 1.9],
    ['codex.responses_api_engine_service_tbt.duration_ms', 2.5, 2.5],
    ['codex.sse_event.duration_ms', 0, 0],
    ['codex.sse_event.duration_ms', 1e300, 2 ** 63],
  ])('of %s makes %p into %p', async (name, given, recorded) => {
    const { client, exporter } = await inMemoryClient();

    client.recordDuration(name, given);
    await client.shutdown();

    expect(histogramPoints(metricNamed(exporter.getMetrics(), name))).toMatchObject([{ value: { sum: recorded } }]);
  });

  it.each([Number.NaN, Infinity, -Infinity, -1])('refuses %p', async (millis) => {
    const { client } = await inMemoryClient();

    expect(() => client.recordDuration('d', millis)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    expect(() => client.recordDurationSeconds('d', '', millis)).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    );
  });
});

describe('MetricsClient.recordDurationSeconds', () => {
  it('records seconds with fractions, unit and boundaries of their own', async () => {
    const { client, exporter } = await inMemoryClient();

    client.recordDurationSeconds('d', 'How long.', 0.25);
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'd');
    expect(metric.descriptor).toMatchObject({ unit: 's', description: 'How long.' });
    expect(histogramPoints(metric)).toMatchObject([
      {
        value: {
          sum: 0.25,
          buckets: { boundaries: [0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
        },
      },
    ]);
  });
});

describe('MetricsClient.gauge', () => {
  it('exports the newest value', async () => {
    const { client, exporter } = await inMemoryClient();

    client.gauge('level', 5, { k: 'v' }, { unit: 'By', description: 'Level.' });
    client.gauge('level', -2, { k: 'v' }, { unit: 'By', description: 'Level.' });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'level');
    expect(metric.descriptor).toMatchObject({ unit: 'By', description: 'Level.' });
    expect(numberPoints(metric)).toEqual([{ value: -2, attributes: { k: 'v' } }]);
  });

  it.each([0.5, Number.NaN, 2 ** 53])('refuses %p', async (value) => {
    const { client } = await inMemoryClient();

    expect(() => client.gauge('level', value)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
  });
});

describe('MetricsClient.observableGauge', () => {
  it('asks at each collection', async () => {
    const { client, exporter } = await inMemoryClient();
    let memory = 0;

    client.observableGauge('memory', 'Bytes in use.', () => ++memory, { of: 'process' });
    await client.forceFlush();
    await client.shutdown();

    expect(metricsOf(exporter.getMetrics()).map(numberPoints)).toEqual([
      [{ value: 1, attributes: { of: 'process' } }],
      [{ value: 2, attributes: { of: 'process' } }],
    ]);
  });

  it('counts a callback that fails, and throws nothing', async () => {
    const { client, exporter } = await inMemoryClient();

    client.observableGauge('memory', '', () => {
      throw new Error('away');
    });
    await client.shutdown();

    expect(client.failures).toBe(1);
    expect(exporter.getMetrics()).toEqual([]);
  });
});

describe('cardinality limit', () => {
  it('puts further series into the overflow series, between two exports', async () => {
    const { client, exporter } = await inMemoryClient(
      { cardinalityLimit: 3 },
      new InMemoryMetricExporter(AggregationTemporality.DELTA),
    );
    const record = (client: MetricsClient) => {
      for (const id of ['1', '2', '3', '4', '1']) client.counter('c', 1, { id });
    };

    record(client);
    await client.forceFlush();
    record(client);
    await client.shutdown();

    const points = [
      { value: 2, attributes: { id: '1' } },
      { value: 1, attributes: { id: '2' } },
      { value: 2, attributes: { 'otel.metric.overflow': true } },
    ];
    expect(metricsOf(exporter.getMetrics()).map(numberPoints)).toEqual([points, points]);
  });
});
