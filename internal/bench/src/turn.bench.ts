import type { Bench, BenchRow } from './bench.ts';
import { runChildProcess } from './child-process.ts';
import { estimate, formatSpread, summarize } from './statistics.ts';
import type { TurnCost } from './turn-child.ts';

/** One event of a model's stream on its way to the agent. */
export const bench: Bench = {
  title: 'Turn: one event of a stream',
  about:
    'Reading streams of 4,000 text deltas, in CPU time: as they are; observed, where deltas are counted; observed ' +
    'with a span for each delta, as Codex makes them. Logs and metrics are not included; the table of the session ' +
    'has them. What observing adds is the median of the differences to the plain stream of the same round, in ' +
    'processes of their own.',
  columns: ['ns per event', 'ns added to the iteration'],
  chart: { title: 'One event of an observed stream', unit: 'CPU time, ns', kind: 'bars' },
  async run() {
    const costs = await measureTurns(7);
    const row = (name: string, beside: readonly number[] | undefined): BenchRow => {
      const all = summarize(costs.map(({ plain }, process) => plain + (beside?.[process] ?? 0)));
      return {
        name,
        values: [formatSpread(all), beside === undefined ? '' : formatSpread(summarize(beside))],
        points: [{ value: all.median }],
      };
    };
    const observed = costs.map((cost) => cost.observed);
    return [
      row('as it is', undefined),
      { ...row('observed', observed), figures: { delta: estimate(observed) } },
      row(
        'observed, deltaSpans',
        costs.map((cost) => cost.withDeltaSpans),
      ),
    ];
  },
};

/** What streams cost as they are and through a turn, in so many processes. */
async function measureTurns(processes: number): Promise<readonly TurnCost[]> {
  const costs: TurnCost[] = [];
  for (let process = 0; process < processes; process += 1) {
    costs.push((await runChildProcess({ file: new URL('./turn-child.ts', import.meta.url) })) as TurnCost);
  }
  return costs;
}
