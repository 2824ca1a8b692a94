import type { Bench, BenchRow } from './bench.ts';
import type { BudgetName, Figures } from './budgets.ts';
import { runChildProcess } from './child-process.ts';
import type { SourceName } from './export-sources.ts';
import { shuffled } from './rounds.ts';
import type { Summary } from './statistics.ts';
import { estimate, formatRatio, formatSpread, ratioOf, summarize } from './statistics.ts';

const rounds = 5;
const signals = ['logs', 'spans'] as const;
const cpuBudgets: { readonly [signal in (typeof signals)[number]]: BudgetName } = {
  logs: 'exportLogs',
  spans: 'exportSpans',
};
const works = [
  { work: 'steady', items: 100_000 },
  { work: 'rate', items: 100_000 },
  { work: 'burst', items: 20_000 },
] as const;

interface Run {
  readonly cpuMicros: number;
  readonly elapsedMillis: number;
  readonly arrived: number;
  /** 0 unless items are made at a rate. */
  readonly loopP99Millis: number;
}

/** From the call that makes an item to the collector that has it. */
export const bench: Bench = {
  title: 'Export: from the call to the collector',
  about:
    'Making and exporting items of 15 attributes over http/protobuf to a collector in another process that answers at once, ' +
    "`provider` against the SDK's batch processors and exporters with their defaults.",
  columns: ['ours', 'SDK', 'ours / SDK'],
  chart: { title: 'Exporting an item', unit: 'CPU time, µs', kind: 'bars' },
  async run() {
    const runs = new Map<string, Run[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, work, items } of shuffled(allCases())) {
        const run = (await runChildProcess({
          file: new URL('./export-child.ts', import.meta.url),
          args: [name, work, String(items)],
        })) as Run;
        const key = keyOf(name, work);
        runs.set(key, [...(runs.get(key) ?? []), run]);
      }
    }
    const summary = (name: SourceName, work: string, value: (run: Run) => number): Summary =>
      summarize((runs.get(keyOf(name, work)) ?? []).map(value));

    const lost = signals.flatMap((signal) =>
      (['rate', 'burst'] as const).flatMap(
        (work) => summary(`ours ${signal}`, work, ({ arrived }) => lostPercent(arrived, work)).samples,
      ),
    );
    const delays = (signal: (typeof signals)[number]) =>
      summary(`ours ${signal}`, 'rate', ({ loopP99Millis }) => loopP99Millis).samples;
    const [logs, spans] = [delays('logs'), delays('spans')];
    const figures: Figures = {
      exportLost: estimate([Math.max(...lost)]),
      exportLoop: estimate(logs.map((millis, round) => Math.max(millis, spans[round] ?? 0))),
    };
    return signals.flatMap((signal): BenchRow[] => {
      const row = (title: string, work: string, value: (run: Run) => number, unit = ''): BenchRow => {
        const ours = summary(`ours ${signal}`, work, value);
        const sdk = summary(`SDK ${signal}`, work, value);
        return {
          name: `${signal}: ${title}`,
          values: [formatSpread(ours, unit), formatSpread(sdk, unit), formatRatio(ours, sdk)],
          ...(title.startsWith('CPU') && {
            figures: { [cpuBudgets[signal]]: ratioOf(ours.samples, sdk.samples) },
            points: [
              { series: 'ours', value: ours.median },
              { series: 'SDK', value: sdk.median },
            ],
          }),
        };
      };
      return [
        row('CPU µs an item', 'steady', ({ cpuMicros }) => cpuMicros),
        row('items a second', 'steady', ({ elapsedMillis }) => (itemsOf('steady') / elapsedMillis) * 1000),
        row('event loop delay p99 at 50,000 a second, ms', 'rate', ({ loopP99Millis }) => loopP99Millis),
        row('lost at 50,000 a second', 'rate', ({ arrived }) => lostPercent(arrived, 'rate'), ' %'),
        {
          ...row('lost of a burst of 20,000', 'burst', ({ arrived }) => lostPercent(arrived, 'burst'), ' %'),
          figures,
        },
      ];
    });
  },
};

function allCases(): { readonly name: SourceName; readonly work: string; readonly items: number }[] {
  return signals.flatMap((signal) =>
    (['ours', 'SDK'] as const).flatMap((who) =>
      works.map(({ work, items }) => ({ name: `${who} ${signal}` as const, work, items })),
    ),
  );
}

function itemsOf(name: string): number {
  return works.find(({ work }) => work === name)?.items ?? 0;
}

function lostPercent(arrived: number, work: string): number {
  const items = itemsOf(work);
  return ((items - arrived) / items) * 100;
}

function keyOf(name: SourceName, work: string): string {
  return `${name} ${work}`;
}
