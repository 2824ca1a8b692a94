import { afterEach, describe, expect, it } from '@jest/globals';
import { getGlobalMetricsClient, setGlobalMetricsClient, startGlobalTimer } from '../src/index.ts';
import { histogramPoints, inMemoryClient, metricNamed, metricsOf, numberPoints } from './in-memory-client.ts';

afterEach(() => {
  setGlobalMetricsClient(undefined);
});

describe('getGlobalMetricsClient', () => {
  it('is undefined while no client is installed', async () => {
    expect(getGlobalMetricsClient()).toBeUndefined();
    const { client } = await inMemoryClient();
    setGlobalMetricsClient(client);
    expect(getGlobalMetricsClient()).toBeDefined();
    setGlobalMetricsClient(undefined);
    expect(getGlobalMetricsClient()).toBeUndefined();
  });

  it('gives a handle that records to the client installed last', async () => {
    const first = await inMemoryClient();
    const second = await inMemoryClient();
    setGlobalMetricsClient(first.client);
    const handle = getGlobalMetricsClient();
    setGlobalMetricsClient(second.client);

    handle?.counter('c', 1);
    handle?.histogram('h', 1);
    handle?.recordDuration('d', 1);
    handle?.recordDurationSeconds?.('s', '', 1);
    handle?.histogramWithBoundaries?.('b', [1], 1);
    handle?.startTimer('t').record();
    await first.client.shutdown();
    await second.client.shutdown();

    expect(first.exporter.getMetrics()).toEqual([]);
    expect(metricsOf(second.exporter.getMetrics()).map((metric) => metric.descriptor.name)).toEqual([
      'c',
      'h',
      'd',
      's',
      'b',
      't',
    ]);
  });

  it('gives a handle that does nothing once the client is gone', async () => {
    const { client, exporter } = await inMemoryClient();
    setGlobalMetricsClient(client);
    const handle = getGlobalMetricsClient();
    setGlobalMetricsClient(undefined);

    handle?.counter('c', 1);
    await handle?.shutdown?.();
    await expect(handle?.snapshot?.()).rejects.toMatchObject({ code: 'EXPORTER_DISABLED' });
    await client.shutdown();

    expect(exporter.getMetrics()).toEqual([]);
  });

  it('takes a snapshot of the installed client and shuts it down', async () => {
    const { client, exporter } = await inMemoryClient({ runtimeReader: true });
    setGlobalMetricsClient(client);
    const handle = getGlobalMetricsClient();
    handle?.counter('c', 2);

    const snapshot = await handle?.snapshot?.();
    await handle?.shutdown?.();

    expect(snapshot && numberPoints(metricNamed(snapshot, 'c'))).toEqual([{ value: 2, attributes: {} }]);
    expect(exporter.getMetrics()).toHaveLength(1);
  });
});

describe('startGlobalTimer', () => {
  it('records to the client that is installed when it ends', async () => {
    const { client, exporter } = await inMemoryClient();
    const timer = startGlobalTimer('t', { route: 'chat' });
    setGlobalMetricsClient(client);

    timer.record();
    await client.shutdown();

    expect(histogramPoints(metricNamed(exporter.getMetrics(), 't'))).toMatchObject([
      { attributes: { route: 'chat' }, value: { count: 1 } },
    ]);
  });

  it('records nowhere, and throws nothing, without a client', () => {
    const timer = startGlobalTimer('t');

    timer.record();
    timer[Symbol.dispose]();
  });
});
