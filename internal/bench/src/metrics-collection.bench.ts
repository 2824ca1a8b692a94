import type { Attributes } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import type { Bench } from './bench.ts';
import { discardingExporter, oursClient, sdkMeter } from './metrics.cases.ts';
import type { Measurement } from './rounds.ts';
import { measureInterleaved } from './rounds.ts';
import { formatRatio, formatSpread } from './statistics.ts';

const seriesCount = 1000;

const tagSets: readonly Readonly<Record<string, string>>[] = Array.from({ length: seriesCount }, (_, index) =>
  Object.freeze({
    auth_mode: 'Chatgpt',
    session_source: 'cli',
    originator: 'codex_cli_rs',
    service_name: 'codex_cli_rs',
    model: 'gpt-5.1-codex',
    'app.version': '0.154.0',
    kind: `response.event_${index}`,
    success: 'true',
  }),
);

/** Collecting what was recorded. */
export const bench: Bench = {
  title: 'Metrics: collecting 1,000 series',
  about:
    'Milliseconds from forceFlush to an exporter that discards, through the SDK’s periodic reader on both sides: 1,000 ' +
    'series of a counter and 1,000 of a duration, 8 tags, recorded anew before each collection. Goal: ×0.6.',
  columns: ['ours ms', 'SDK ms', 'time'],
  chart: { title: 'Collecting 2,000 series', unit: 'ms', kind: 'bars' },
  async run() {
    const results = await measureInterleaved(
      {
        oursDelta: await oursCollection(AggregationTemporality.DELTA),
        sdkDelta: sdkCollection(AggregationTemporality.DELTA),
        oursCumulative: await oursCollection(AggregationTemporality.CUMULATIVE),
        sdkCumulative: sdkCollection(AggregationTemporality.CUMULATIVE),
      },
      { rounds: 41, warmupRounds: 20 },
    );
    const row = (name: string, ours: typeof results.oursDelta, sdk: typeof ours) => ({
      name,
      values: [formatSpread(ours), formatSpread(sdk), formatRatio(ours, sdk)],
      points: [
        { series: 'ours', value: ours.median },
        { series: 'SDK', value: sdk.median },
      ],
    });
    return [
      row('delta', results.oursDelta, results.sdkDelta),
      row('cumulative', results.oursCumulative, results.sdkCumulative),
    ];
  },
};

async function oursCollection(temporality: AggregationTemporality): Promise<Measurement> {
  const client = await oursClient({ ...discardingExporter(), selectAggregationTemporality: () => temporality });
  return async () => {
    for (const [index, tags] of tagSets.entries()) {
      client.counter('codex.sse_event', 1, tags);
      client.recordDuration('codex.sse_event.duration_ms', index, tags);
    }
    return timed(() => client.forceFlush());
  };
}

function sdkCollection(temporality: AggregationTemporality): Measurement {
  const { meter, provider } = sdkMeter({
    ...discardingExporter(),
    selectAggregationTemporality: () => temporality,
  });
  const counter = meter.createCounter('codex.sse_event', { valueType: ValueType.INT });
  const duration = meter.createHistogram('codex.sse_event.duration_ms', { unit: 'ms' });
  return async () => {
    for (const [index, tags] of tagSets.entries()) {
      counter.add(1, tags as Attributes); // the same shape
      duration.record(index, tags as Attributes);
    }
    return timed(() => provider.forceFlush());
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
