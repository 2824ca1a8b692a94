import type { Bench, BenchRow } from './bench.ts';
import { runChildProcess } from './child-process.ts';
import type { GrowthName } from './growth-cases.ts';
import { growthCases } from './growth-cases.ts';
import { shuffled } from './rounds.ts';
import { formatSpread, summarize } from './statistics.ts';

const rounds = 5;
const names = Object.keys(growthCases) as GrowthName[]; // the keys of a record are its names

interface Sample {
  readonly millis: number;
  readonly heapMiB: number;
}

/** How the costs grow when there is more of everything. */
export const bench: Bench = {
  title: 'Growth: ten, a hundred, a thousand times as much',
  about:
    'CPU time of one operation while the number grows, each measurement in a process of its own, and what the heap has ' +
    'more after a collection. Events of a session: one of the last tenth of so many, exported to a collector.',
  columns: ['how many', 'each', 'heap MiB more', 'grows'],
  chart: {
    title: 'How the cost of one operation grows',
    unit: 'CPU time, × of the smallest',
    kind: 'lines',
    x: 'how many, × of the smallest',
    scale: 'log',
  },
  async run() {
    const samples = new Map<string, Sample[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, size } of shuffled(
        names.flatMap((each) => growthCases[each].sizes.map((size) => ({ name: each, size }))),
      )) {
        // Ten million events take a minute, so one round is enough.
        if (round > 0 && growthCases[name].once === true) continue;
        const sample = (await runChildProcess({
          file: new URL('./growth-child.ts', import.meta.url),
          args: [name, String(size)],
          nodeArgs: ['--expose-gc'],
        })) as Sample;
        const key = `${name} ${size}`;
        samples.set(key, [...(samples.get(key) ?? []), sample]);
      }
    }
    return names.flatMap((name) => {
      const { title, sizes, unit } = growthCases[name];
      const of = (size: number, value: (sample: Sample) => number) =>
        summarize((samples.get(`${name} ${size}`) ?? []).map(value));
      const [smallest = 1] = sizes;
      const first = of(smallest, ({ millis }) => millis).median;
      const scale = unit === 'ns' ? 1e6 : unit === 'µs' ? 1e3 : 1;
      return sizes.map((size): BenchRow => {
        const cost = of(size, ({ millis }) => millis);
        const scaled = of(size, ({ millis }) => millis * scale);
        return {
          name: title,
          values: [
            size.toLocaleString('en'),
            formatSpread(scaled, ` ${unit}`),
            of(size, ({ heapMiB }) => heapMiB).median.toFixed(1),
            size === smallest ? '' : growthOf(cost.median / first, size / smallest),
          ],
          points: [{ series: title, x: size / smallest, value: Math.max(cost.median / first, 0.01) }],
        };
      });
    });
  },
};

/** The exponent of the growth, in words. */
function growthOf(cost: number, size: number): string {
  const exponent = Math.log(cost) / Math.log(size);
  const times = `×${cost.toFixed(2)}`;
  if (exponent < 0.08) return `${times}: not with the number`;
  return exponent < 0.8
    ? `${times}: slower than the number`
    : exponent < 1.2
      ? `${times}: with the number`
      : `${times}: faster than the number`;
}
