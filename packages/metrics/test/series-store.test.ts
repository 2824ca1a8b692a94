import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ValueType } from '@opentelemetry/api';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { emptyResource } from '@opentelemetry/resources';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, InstrumentType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { FailureReport } from '../src/failure-report.ts';
import type { InstrumentDefinition, InstrumentKind } from '../src/instrument.ts';
import { SeriesStore } from '../src/series-store.ts';
import { TagSets } from '../src/tag-sets.ts';
import type { Temporality } from '../src/temporality.ts';

const boundaries = [0, 5, 10, 100];
const definitions: readonly InstrumentDefinition[] = [
  { name: 'calls', kind: 'counter', unit: '', description: '', boundaries },
  { name: 'tokens', kind: 'histogram', unit: '', description: '', boundaries },
  { name: 'calls', kind: 'histogram', unit: 'ms', description: 'Duration in milliseconds.', boundaries },
  { name: 'level', kind: 'gauge', unit: '', description: '', boundaries },
];
const observed: InstrumentDefinition = {
  name: 'memory',
  kind: 'observable-gauge',
  unit: '',
  description: 'Asked for',
  boundaries,
};

const temporalities: Readonly<Record<string, Temporality>> = {
  delta: () => false,
  cumulative: () => true,
  lowmemory: (kind) => kind === 'gauge' || kind === 'observable-gauge',
};

type Step =
  | {
      readonly do: 'record';
      readonly instrument: number;
      readonly value: number;
      readonly tags: Record<string, string>;
    }
  | { readonly do: 'wait'; readonly millis: number }
  | { readonly do: 'level'; readonly value: number }
  | { readonly do: 'collect'; readonly reader: 0 | 1 };

const tags = fc.record(
  { kind: fc.constantFrom('a', 'b', 'c'), success: fc.constantFrom('true', 'false') },
  { requiredKeys: [] },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('record' as const),
        instrument: fc.nat({ max: definitions.length - 1 }),
        value: fc.oneof(fc.nat({ max: 200 }), fc.nat()),
        tags,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), millis: fc.nat({ max: 90_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('level' as const), value: fc.nat({ max: 9 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('collect' as const), reader: fc.constantFrom(0 as const, 1 as const) }),
    },
  ),
  { maxLength: 80 },
);

/** What any reader of the store must see: the SDK's own instruments, readers and aggregations. */
class SdkReader extends MetricReader {
  constructor(temporality: Temporality, limit: number) {
    super({
      aggregationTemporalitySelector: (type) =>
        temporality(kindOf(type)) ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA,
      cardinalitySelector: () => limit,
    });
  }

  protected override async onShutdown(): Promise<void> {}

  protected override async onForceFlush(): Promise<void> {}
}

function kindOf(type: InstrumentType): InstrumentKind {
  if (type === InstrumentType.COUNTER) return 'counter';
  if (type === InstrumentType.GAUGE) return 'gauge';
  return type === InstrumentType.HISTOGRAM ? 'histogram' : 'observable-gauge';
}

/** What is exported, without fields that only the SDK's own code reads. */
function comparable(scopes: readonly ScopeMetrics[]) {
  return scopes.map(({ scope, metrics }) => ({ scope: scope.name, metrics: metrics.map(comparableMetric) }));
}

function comparableMetric(metric: MetricData) {
  const { name, description, unit, valueType } = metric.descriptor;
  return { ...metric, descriptor: { name, description, unit, valueType } };
}

/** Equal as objects, and equal to the byte once encoded. */
function expectEqual(ours: ScopeMetrics[], sdk: ScopeMetrics[]): void {
  expect(comparable(ours)).toEqual(comparable(sdk));
  const resource = emptyResource();
  const encoded = [ours, sdk].map((scopes) => {
    // The SDK gives a scope an empty version, which stands in its JSON.
    const scopeMetrics = scopes.map(({ scope, metrics }) => ({ scope: { name: scope.name }, metrics }));
    return [ProtobufMetricsSerializer, JsonMetricsSerializer].map((serializer) =>
      Buffer.from(serializer.serializeRequest({ resource, scopeMetrics }) ?? []).toString('latin1'),
    );
  });
  expect(encoded[0]).toEqual(encoded[1]);
}

describe('SeriesStore', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['delta', 'delta', 2000],
    ['cumulative', 'delta', 2000],
    ['lowmemory', 'cumulative', 2000],
    ['delta', 'cumulative', 3],
    ['cumulative', 'delta', 2],
  ])("collects what the SDK's instruments collect: readers %s and %s, limit %i", async (first, second, limit) => {
    let now = 0;
    let level = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const wanted = [first, second].map((name) => temporalities[name] ?? temporalities.delta);

    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        now = 1_700_000_000_123;
        level = 0;
        const ours = storeUnderTest(wanted, limit, () => level);
        const sdk = sdkUnderTest(wanted, limit, () => level);
        for (const step of [...taken, { do: 'collect', reader: 0 }, { do: 'collect', reader: 1 }] as Step[]) {
          switch (step.do) {
            case 'wait':
              now += step.millis;
              break;
            case 'level':
              level = step.value;
              break;
            case 'record':
              ours.record(step.instrument, step.value, step.tags);
              sdk.record(step.instrument, step.value, step.tags);
              break;
            case 'collect':
              expectEqual(ours.collect(step.reader), await sdk.collect(step.reader));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not change collected values when recording continues', () => {
    const store = new SeriesStore([{ temporality: () => true }], { failures: new FailureReport() });
    const histogram = store.instrument({ name: 'h', kind: 'histogram', unit: '', description: '', boundaries });
    const none = Object.freeze({});
    histogram.record(1, none);
    const before = store.collect(0);
    const copy = structuredClone(before);

    histogram.record(7, none);
    store.collect(0);

    expect(before).toEqual(copy);
  });

  it.each([-1, 0, 4, 5, 6, 10, 11, 100, 101])('puts %d into its bucket, whatever the previous value was', (value) => {
    const bucket = boundaries.filter((bound) => bound < value).length;
    for (const before of [-1, 0, 4, 5, 6, 10, 11, 100, 101]) {
      const store = new SeriesStore([{ temporality: () => false }], { failures: new FailureReport() });
      const histogram = store.instrument({ name: 'h', kind: 'histogram', unit: '', description: '', boundaries });
      const none = Object.freeze({});
      for (const each of [before, value, value]) histogram.record(each, none);

      const counts = [0, 0, 0, 0, 0];
      counts[boundaries.filter((bound) => bound < before).length] = 1;
      counts[bucket] = (counts[bucket] ?? 0) + 2;
      expect(store.collect(0)).toMatchObject([{ metrics: [{ dataPoints: [{ value: { buckets: { counts } } }] }] }]);
    }
  });

  it('keeps the longest description, as the SDK does', () => {
    const store = new SeriesStore([{ temporality: () => false }], { failures: new FailureReport() });
    const base = { name: 'c', kind: 'counter', unit: '', boundaries } as const;
    const none = Object.freeze({});
    store.instrument({ ...base, description: 'short' });
    store.instrument({ ...base, description: 'a longer text' }).record(1, none);
    store.instrument({ ...base, description: '' }).record(1, none);

    expect(store.collect(0)).toMatchObject([
      { metrics: [{ descriptor: { description: 'a longer text' }, dataPoints: [{ value: 2 }] }] },
    ]);
  });

  it('leaves an excluded metric out for one reader and not for the other', () => {
    const store = new SeriesStore(
      [{ temporality: () => false, excluded: new Set(['c']) }, { temporality: () => false }],
      {
        failures: new FailureReport(),
      },
    );
    store.instrument({ name: 'c', kind: 'counter', unit: '', description: '', boundaries }).record(1, {});

    expect(store.collect(0)).toEqual([]);
    expect(store.collect(1)).toHaveLength(1);
  });

  it('leaves out an observable gauge whose callback fails, and counts that', () => {
    const failures = new FailureReport();
    const store = new SeriesStore([{ temporality: () => false }], { failures });
    const values = [
      () => 1,
      () => Number.NaN,
      () => {
        throw new Error('away');
      },
    ];
    let turn = 0;
    store.observe(observed, {}, () => values[turn++]?.() ?? 0);

    expect([store.collect(0).length, store.collect(0).length, store.collect(0).length]).toEqual([1, 0, 0]);
    expect(failures.count).toBe(2);
  });
});

function storeUnderTest(wanted: readonly (Temporality | undefined)[], limit: number, level: () => number) {
  const readers = wanted.map((temporality) => ({ temporality: temporality ?? (() => false) }));
  const store = new SeriesStore(readers, { failures: new FailureReport(), cardinalityLimit: limit, now: Date.now });
  const sets = new TagSets({}, () => store.liveTags(), 4);
  const instruments = definitions.map((definition) => store.instrument(definition));
  store.observe(observed, sets.resolve({ of: 'process' }), level);
  return {
    record: (index: number, value: number, given: Record<string, string>) =>
      instruments[index]?.record(value, sets.resolve(given)),
    collect: (reader: number) => store.collect(reader),
  };
}

function sdkUnderTest(wanted: readonly (Temporality | undefined)[], limit: number, level: () => number) {
  const readers = wanted.map((temporality) => new SdkReader(temporality ?? (() => false), limit));
  const meter = new MeterProvider({ readers }).getMeter('codex');
  const instruments = definitions.map(({ name, kind, unit, description }) => {
    const options = { unit, description };
    if (kind === 'counter') {
      const counter = meter.createCounter(name, { ...options, valueType: ValueType.INT });
      return (value: number, given: Record<string, string>) => counter.add(value, given);
    }
    if (kind === 'gauge') {
      const gauge = meter.createGauge(name, { ...options, valueType: ValueType.INT });
      return (value: number, given: Record<string, string>) => gauge.record(value, given);
    }
    const histogram = meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: boundaries } });
    return (value: number, given: Record<string, string>) => histogram.record(value, given);
  });
  meter
    .createObservableGauge(observed.name, { description: observed.description, valueType: ValueType.INT })
    .addCallback((result) => result.observe(level(), { of: 'process' }));
  return {
    record: (index: number, value: number, given: Record<string, string>) => instruments[index]?.(value, given),
    collect: async (reader: number) => (await readers[reader]?.collect())?.resourceMetrics.scopeMetrics ?? [],
  };
}
