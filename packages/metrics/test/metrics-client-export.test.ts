import { describe, expect, it, jest } from '@jest/globals';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { createMetricsClient } from '../src/index.ts';
import { inMemoryClient, metricNamed, metricsOf, numberPoints, service } from './in-memory-client.ts';
import { runProgram } from './run-program.ts';

/** An exporter with a given answer. */
function exporterThat(behaviour: 'fails' | 'hangs' | 'throws'): PushMetricExporter & { shutdowns: number } {
  return {
    shutdowns: 0,
    export(_metrics, done) {
      if (behaviour === 'throws') throw new Error('away');
      if (behaviour === 'fails') done({ code: 1, error: new Error('refused') });
    },
    async forceFlush() {},
    async shutdown() {
      this.shutdowns += 1;
    },
  };
}

describe('MetricsClient.collectNow', () => {
  it('takes what the next export would hold, at once', async () => {
    const { client, exporter } = await inMemoryClient();
    client.counter('c', 1);

    const taken = client.collectNow();
    await client.shutdown();

    expect(taken && numberPoints(metricNamed(taken, 'c'))).toEqual([{ value: 1, attributes: {} }]);
    expect(taken?.resource.attributes['service.name']).toBe('codex_cli_rs');
    expect(exporter.getMetrics()).toEqual([]);
  });
});

describe('MetricsClient.forceFlush', () => {
  it('exports what was recorded, and continues', async () => {
    const { client, exporter } = await inMemoryClient();

    client.counter('c', 1);
    await client.forceFlush();
    client.counter('c', 2);
    await client.shutdown();

    expect(metricsOf(exporter.getMetrics()).map(numberPoints)).toEqual([
      [{ value: 1, attributes: {} }],
      [{ value: 2, attributes: {} }],
    ]);
  });

  it('rejects when the exporter fails', async () => {
    const client = await createMetricsClient({ ...service, exporter: exporterThat('fails') });
    client.counter('c', 1);

    await expect(client.forceFlush()).rejects.toMatchObject({ code: 'SHUTDOWN_FAILED' });
  });

  it('does not call an exporter that shutdown has ended', async () => {
    let flushes = 0;
    const exporter = {
      ...exporterThat('hangs'),
      async forceFlush() {
        flushes += 1;
      },
    };
    const client = await createMetricsClient({ ...service, exporter });
    await client.shutdown();
    flushes = 0;

    await client.forceFlush();

    expect(flushes).toBe(0);
  });
});

describe('MetricsClient.shutdown', () => {
  it('exports what was recorded before it', async () => {
    const { client, exporter } = await inMemoryClient();
    client.counter('c', 1, { k: 'v' });

    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'c'))).toEqual([{ value: 1, attributes: { k: 'v' } }]);
  });

  it('exports nothing when nothing was recorded, and ends the exporter', async () => {
    const exporter = exporterThat('hangs');
    const client = await createMetricsClient({ ...service, exporter });

    await client.shutdown();

    expect(exporter.shutdowns).toBe(1);
  });

  it('counts once', async () => {
    const { client, exporter } = await inMemoryClient();
    client.counter('c', 1);

    await Promise.all([client.shutdown(), client.shutdown()]);
    await client.shutdown();

    expect(exporter.getMetrics()).toHaveLength(1);
  });

  it('makes every later call do nothing, even an invalid one', async () => {
    const { client, exporter } = await inMemoryClient();
    await client.shutdown();

    client.counter('bad name', -1);
    client.histogram('h', Number.NaN);
    client.recordDuration('d', 1);
    client.recordDurationSeconds('d', '', 1);
    client.gauge('g', 1);
    client.histogramWithBoundaries('h', [], 1);
    client.observableGauge('o', '', () => 1);
    client.startTimer('t').record();
    await client.forceFlush();

    expect(exporter.getMetrics()).toEqual([]);
  });

  it.each(['fails', 'throws'] as const)('rejects when the exporter %s', async (behaviour) => {
    const client = await createMetricsClient({ ...service, exporter: exporterThat(behaviour) });
    client.counter('c', 1);

    await expect(client.shutdown()).rejects.toMatchObject({ name: 'MetricsError', code: 'SHUTDOWN_FAILED' });
    await expect(client.shutdown()).rejects.toMatchObject({ code: 'SHUTDOWN_FAILED' });
  });

  it.each([
    ['at all', []],
    ['an export that is under way', ['flushed']],
  ])('does not keep the process from ending when the exporter does not answer %s', async (_what, args) => {
    expect(await runProgram('hung-exporter', ...args)).toBe('SHUTDOWN_FAILED\n');
  });

  it('ends the interval that has begun', async () => {
    let exports = 0;
    const exporter: PushMetricExporter = {
      export(_metrics, done) {
        exports += 1;
        done({ code: 0 });
      },
      async forceFlush() {},
      async shutdown() {},
    };
    jest.useFakeTimers();
    try {
      const client = await createMetricsClient({ ...service, exporter, exportIntervalMillis: 20 });
      client.observableGauge('g', '', () => 1);
      await jest.advanceTimersByTimeAsync(20);
      expect(exports).toBe(1);
      await client.shutdown();
      await jest.advanceTimersByTimeAsync(1000);
      expect(exports).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends within its time-out', async () => {
    const client = await createMetricsClient({ ...service, exporter: exporterThat('hangs') });
    client.counter('c', 1);

    await expect(client.shutdown({ timeoutMillis: 50 })).rejects.toMatchObject({ code: 'SHUTDOWN_FAILED' });
  });
});
