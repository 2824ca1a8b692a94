import type { Bench, BenchRow } from './bench.ts';
import { budgets } from './budgets.ts';
import { heapsInWords, measureOperations } from './operations.ts';
import type { cases } from './session.cases.ts';
import { formatRatio, formatSpread, ratioOf } from './statistics.ts';

type Case = keyof typeof cases;

/** Which case each row is compared with. */
const baselines: readonly (readonly [name: Case, baseline: Case, goal: string])[] = [
  ['SDK by hand', 'SDK by hand', ''],
  ['own providers', 'SDK by hand', `×${budgets.event.atMost}`],
  ['host’s providers', 'SDK by hand', '×0.8'],
  ['API no-op by hand', 'API no-op by hand', ''],
  ['off: no sinks', 'API no-op by hand', '×1.5'],
  ['off: no-op logger', 'API no-op by hand', '×1.5'],
];

/** One stream event of a session. */
export const bench: Bench = {
  title: 'Session: one stream event',
  about:
    'Counter, histogram and log record of one event of a model’s stream: by hand on the SDK, and through ' +
    '`logSseEvent`. Own providers: a provider that exports over HTTP between the timed slices. Host’s providers: ' +
    'the SDK’s, where the counter costs almost nothing, and the histogram and the log record cost what they cost on ' +
    'the SDK. ' +
    heapsInWords,
  columns: ['ns', 'time', 'time, 256 MiB', 'bytes', 'memory', 'goal'],
  chart: { title: 'One event of a model’s stream', unit: 'CPU time, ns', kind: 'bars' },
  async run() {
    const names = baselines.map(([name]) => name);
    const costs = await measureOperations({ module: new URL('./session.cases.ts', import.meta.url), names });
    return baselines.map(([name, baseline, goal]): BenchRow => {
      const cost = costs.get(name);
      const base = costs.get(baseline);
      if (cost === undefined || base === undefined) throw new Error(`${name} was not measured`);
      const ratios =
        name === baseline
          ? ['1', '1', '1']
          : [
              formatRatio(cost.nanos, base.nanos),
              formatRatio(cost.largeHeapNanos, base.largeHeapNanos),
              formatRatio(cost.bytes, base.bytes),
            ];
      const [time = '', largeHeapTime = '', memory = ''] = ratios;
      return {
        name,
        values: [formatSpread(cost.nanos), time, largeHeapTime, formatSpread(cost.bytes), memory, goal],
        points: [{ value: cost.nanos.median }],
        ...(name === 'own providers' && {
          figures: { event: ratioOf(cost.largeHeapNanos.samples, base.largeHeapNanos.samples) },
        }),
      };
    });
  },
};
