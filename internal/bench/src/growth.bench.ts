import type { Bench, BenchRow } from './bench.ts';
import { runChildProcess } from './child-process.ts';
import type { GrowthCase, GrowthName } from './growth-cases.ts';
import { growthCases } from './growth-cases.ts';
import type { GrowthSample } from './growth-child.ts';
import { growthSentence } from './growth-sentence.ts';
import { shuffled } from './rounds.ts';
import { estimate, formatSpread, ratioOf, summarize } from './statistics.ts';
import { timeUnit } from './time-unit.ts';

const rounds = 5;
const names = Object.keys(growthCases) as GrowthName[]; // the keys of a record are its names

/** How the costs grow when there is more of everything. */
export const bench: Bench = {
  title: 'Growth: ten, a hundred, a thousand times as much',
  about:
    'CPU time of one operation while the number grows, each size in processes of its own, and how much larger the ' +
    'heap is after a collection. Events of a session go to a collector; all three sizes are points in the life of one process.',
  columns: ['each', '× of the first', 'heap growth, MiB'],
  chart: {
    title: 'How the cost of one operation grows',
    unit: 'CPU time, × of the smallest',
    kind: 'lines',
    x: 'how many, × of the smallest',
    scale: 'log',
  },
  async run() {
    const samples = new Map<string, GrowthSample[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, sizes } of shuffled(names.flatMap((each) => processesOf(each, round)))) {
        const answer = (await runChildProcess({
          file: new URL('./growth-child.ts', import.meta.url),
          args: [name, ...sizes.map(String)],
          nodeArgs: ['--expose-gc'],
        })) as readonly GrowthSample[];
        for (const [index, sample] of answer.entries()) {
          const key = `${name} ${sizes[index]}`;
          samples.set(key, [...(samples.get(key) ?? []), sample]);
        }
      }
    }
    return names.flatMap((name) => rowsOf(growthCases[name], (size) => samples.get(`${name} ${size}`) ?? []));
  },
};

function processesOf(
  name: GrowthName,
  round: number,
): { readonly name: GrowthName; readonly sizes: readonly number[] }[] {
  const { sizes, once } = growthCases[name];
  if (once === true) return round === 0 ? [{ name, sizes }] : [];
  return sizes.map((size) => ({ name, sizes: [size] }));
}

function rowsOf(growth: GrowthCase, samplesOf: (size: number) => readonly GrowthSample[]): BenchRow[] {
  const millisOf = (size: number) => samplesOf(size).flatMap(({ millis }) => millis);
  const [smallest = 1] = growth.sizes;
  const first = summarize(millisOf(smallest)).median;
  const costs = growth.sizes.map((size) => ({ size, millis: summarize(millisOf(size)).median }));
  return growth.sizes.map((size): BenchRow => {
    const millis = millisOf(size);
    const { median } = summarize(millis);
    const heap = summarize(samplesOf(size).map(({ heapMiB }) => heapMiB)).median;
    const unit = timeUnit(median);
    return {
      name: `${growth.title}: ${growth.with(size.toLocaleString('en'))}`,
      values: [
        formatSpread(summarize(millis.map((value) => value * unit.perMilli)), ` ${unit.name}`),
        size === smallest ? '' : `×${(median / first).toFixed(2)}`,
        heap.toFixed(1),
      ],
      points: [{ series: growth.title, x: size / smallest, value: Math.max(median / first, 0.01) }],
      ...(size === smallest && { sentence: growthSentence(growth, costs) }),
      ...(growth === growthCases.events &&
        size === growth.sizes.at(-1) && {
          figures: { longSession: ratioOf(millis, millisOf(smallest)), longSessionHeap: estimate([heap]) },
        }),
    };
  });
}
