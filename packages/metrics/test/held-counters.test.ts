import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createNoopMeter, ValueType } from '@opentelemetry/api';
import type { MetricReaderOptions, ScopeMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  createAllowListAttributesProcessor,
  InMemoryMetricExporter,
  InstrumentType,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { createMetricsClient } from '../src/index.ts';
import { metricNamed, metricsOf, numberPoints } from './in-memory-client.ts';

class HostReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}

  protected override async onForceFlush(): Promise<void> {}

  async read(): Promise<readonly ScopeMetrics[]> {
    return (await this.collect()).resourceMetrics.scopeMetrics;
  }
}

const { DELTA, CUMULATIVE } = AggregationTemporality;
const temporalities = {
  delta: () => DELTA,
  cumulative: () => CUMULATIVE,
  lowmemory: (type) => (type === InstrumentType.OBSERVABLE_COUNTER ? CUMULATIVE : DELTA),
} satisfies Readonly<Record<string, MetricReaderOptions['aggregationTemporalitySelector']>>;
type TemporalityName = keyof typeof temporalities;

const names = ['codex.sse_event', 'codex.turn.cost_microusd'] as const;

type Step =
  | { readonly do: 'add'; readonly client: 0 | 1; readonly metric: number; readonly by: number; readonly tags: Tags }
  | { readonly do: 'repeat'; readonly times: number; readonly tags: Tags }
  | { readonly do: 'wait'; readonly millis: number }
  | { readonly do: 'flush' }
  | { readonly do: 'read'; readonly reader: number };
type Tags = Record<string, string>;

const tags: fc.Arbitrary<Tags> = fc.record(
  { kind: fc.constantFrom('a', 'b', 'c'), success: fc.constantFrom('true', 'false') },
  { requiredKeys: [] },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('add' as const),
        client: fc.constantFrom(0 as const, 1 as const),
        metric: fc.nat({ max: names.length - 1 }),
        by: fc.oneof(fc.nat({ max: 3 }), fc.nat()),
        tags,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), times: fc.nat({ max: 1500 }), tags }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), millis: fc.nat({ max: 90_000 }) }) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'flush' }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('read' as const), reader: fc.nat({ max: 1 }) }),
    },
  ),
  { maxLength: 60 },
);

interface Host {
  readonly temporalities: readonly [TemporalityName, TemporalityName];
  readonly limit?: number;
  readonly views?: ViewOptions[];
}

function hostProvider({ temporalities: wanted, limit = 2000, views = [] }: Host) {
  const readers = wanted.map(
    (name) => new HostReader({ aggregationTemporalitySelector: temporalities[name], cardinalitySelector: () => limit }),
  );
  return { readers, provider: new MeterProvider({ readers, views }) };
}

/** Two clients on one provider. */
async function throughClients(host: Host) {
  const { readers, provider } = hostProvider(host);
  const clients = await Promise.all([0, 1].map(() => createMetricsClient({ meterProvider: provider })));
  return {
    readers,
    add: (client: number, name: string, by: number, given: Tags) => clients[client]?.counter(name, by, given),
    flush: () => clients[0]?.forceFlush(),
    end: () => Promise.all(clients.map((client) => client.shutdown())),
  };
}

/** The same calls on the provider's own counters. */
function byHand(host: Host) {
  const { readers, provider } = hostProvider(host);
  const meter = provider.getMeter('codex');
  const add = (_client: number, name: string, by: number, given: Tags) =>
    meter.createCounter(name, { valueType: ValueType.INT }).add(by, given);
  return { readers, add, flush: () => provider.forceFlush() };
}

/** An exporter in memory on a provider that is read only when flushed. */
async function onHost() {
  const exporter = new InMemoryMetricExporter(DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  return { exporter, meterProvider, client: await createMetricsClient({ meterProvider }) };
}

describe("counters on a host's provider", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, Host]>([
    ['delta and cumulative', { temporalities: ['delta', 'cumulative'] }],
    ['low memory and delta', { temporalities: ['lowmemory', 'delta'] }],
    ['at most three series', { temporalities: ['cumulative', 'delta'], limit: 3 }],
    [
      'a view that drops a tag',
      {
        temporalities: ['delta', 'cumulative'],
        views: [{ instrumentName: '*', attributesProcessors: [createAllowListAttributesProcessor(['kind'])] }],
      },
    ],
    [
      'a view for counters alone, renamed',
      {
        temporalities: ['delta', 'cumulative'],
        views: [{ instrumentName: names[0], instrumentType: InstrumentType.COUNTER, name: 'stream_events' }],
      },
    ],
  ])('give what the counters of the host give: %s', async (_what, host) => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);

    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        now = 1_700_000_000_123;
        const ours = await throughClients(host);
        const plain = byHand(host);
        const expectEqual = async (reader: number) =>
          expect(await ours.readers[reader]?.read()).toEqual(await plain.readers[reader]?.read());
        for (const step of taken) {
          switch (step.do) {
            case 'add':
              ours.add(step.client, names[step.metric] ?? '', step.by, step.tags);
              plain.add(step.client, names[step.metric] ?? '', step.by, step.tags);
              break;
            case 'repeat':
              for (let time = 0; time < step.times; time += 1) {
                ours.add(0, names[0], 1, step.tags);
                plain.add(0, names[0], 1, step.tags);
              }
              break;
            case 'wait':
              now += step.millis;
              break;
            case 'flush':
              await ours.flush();
              await plain.flush();
              break;
            case 'read':
              await expectEqual(step.reader);
          }
        }
        await ours.end();
        await expectEqual(0);
        await expectEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  it('get two increments of a series between two collections', async () => {
    const meter = createNoopMeter();
    const add = jest.fn();
    jest.spyOn(meter, 'createCounter').mockReturnValue({ add });
    const client = await createMetricsClient({ meterProvider: { getMeter: () => meter } });

    for (let count = 0; count < 500; count += 1) client.counter('c', 2, { k: 'v' });
    await client.shutdown();

    expect(add.mock.calls).toEqual([
      [2, { k: 'v' }],
      [998, { k: 'v' }],
    ]);
  });

  it('hold back at most 1,000 increments from a provider that never collects', async () => {
    const meter = createNoopMeter();
    let total = 0;
    jest.spyOn(meter, 'createCounter').mockReturnValue({ add: (value) => (total += value) });
    const client = await createMetricsClient({ meterProvider: { getMeter: () => meter } });
    const missing: number[] = [];

    for (let count = 1; count <= 3500; count += 1) {
      client.counter('c', 1, { k: String(count % 7) });
      missing.push(count - total);
    }

    expect(Math.max(...missing)).toBeLessThan(1000);
    expect(missing[2999]).toBe(0);
  });

  it('export only the recorded metrics', async () => {
    const { client, exporter, meterProvider } = await onHost();
    client.counter('c', 1);

    await meterProvider.forceFlush();

    expect(metricsOf(exporter.getMetrics()).map(({ descriptor }) => descriptor.name)).toEqual(['c']);
  });

  it('are complete when the host shuts its provider down', async () => {
    const { client, exporter, meterProvider } = await onHost();
    for (let count = 0; count < 10; count += 1) client.counter('c', 1);

    await meterProvider.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'c'))).toEqual([{ value: 10, attributes: {} }]);
  });

  it('are complete for a reader that reads after the client is shut down', async () => {
    const reader = new HostReader();
    const client = await createMetricsClient({ meterProvider: new MeterProvider({ readers: [reader] }) });
    for (let count = 0; count < 10; count += 1) client.counter('c', 1);
    await client.shutdown();

    expect(await reader.read()).toMatchObject([{ metrics: [{ dataPoints: [{ value: 10 }] }] }]);
  });

  it('report a host whose counter throws, and go on with the others', async () => {
    const meter = createNoopMeter();
    const added: number[] = [];
    jest.spyOn(meter, 'createCounter').mockImplementation((name) => ({
      add: (value) => {
        if (name === 'bad' && value > 1) throw new Error('away');
        added.push(value);
      },
    }));
    const client = await createMetricsClient({ meterProvider: { getMeter: () => meter } });
    for (const name of ['bad', 'bad', 'bad', 'good', 'good', 'good']) client.counter(name, 1);

    await client.forceFlush();

    expect(client.failures).toBe(1);
    expect(added).toEqual([1, 1, 2]);
  });
});

describe("shutdown of a client on a host's provider", () => {
  it('leaves no callback behind', async () => {
    const { client, exporter, meterProvider } = await onHost();
    let asked = 0;
    client.observableGauge('memory', '', () => ++asked);
    client.counter('c', 1);
    await client.shutdown();

    await meterProvider.forceFlush();

    expect(asked).toBe(1);
    expect(metricsOf(exporter.getMetrics()).map(({ descriptor }) => descriptor.name)).toEqual(['memory', 'c']);
  });

  it('stops listening for collections', async () => {
    const meter = createNoopMeter();
    const callbacks = new Set<unknown>();
    jest.spyOn(meter, 'createObservableCounter').mockReturnValue({
      addCallback: (callback) => callbacks.add(callback),
      removeCallback: (callback) => callbacks.delete(callback),
    });
    const client = await createMetricsClient({ meterProvider: { getMeter: () => meter } });
    const before = callbacks.size;

    await client.shutdown();

    expect([before, callbacks.size]).toEqual([1, 0]);
  });
});
