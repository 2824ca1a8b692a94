import type { Bench, BenchRow } from './bench.ts';
import { caseName, instruments, shapes } from './metrics.cases.ts';
import { heapsInWords, measureOperations } from './operations.ts';
import { formatRatio, formatSpread, ratioOf } from './statistics.ts';

/** Recording one value. */
export const bench: Bench = {
  title: 'Metrics: recording a value',
  about:
    'One call on the client against the same call on an instrument of the SDK, made beforehand. Tags are made in ' +
    'the call (fresh) or frozen once (repeated), twelve series. Goals besides the budgets: ×0.1 for repeated tags, ' +
    '×0.3 for fresh ones, in time. Without tags the SDK has nothing to hash, so the gain is smallest there. ' +
    heapsInWords,
  columns: ['ours ns', 'SDK ns', 'time', 'time, 256 MiB', 'ours bytes', 'SDK bytes', 'bytes'],
  chart: { title: 'Recording a value', unit: 'CPU time, ns', kind: 'bars' },
  async run() {
    const pairs = instruments.flatMap((instrument) => shapes.map((shape) => ({ instrument, shape })));
    const names = pairs.flatMap(({ instrument, shape }) => [
      caseName('ours', instrument, shape),
      caseName('sdk', instrument, shape),
    ]);
    const costs = await measureOperations({ module: new URL('./metrics.cases.ts', import.meta.url), names });
    return pairs.map(({ instrument, shape }): BenchRow => {
      const ours = costs.get(caseName('ours', instrument, shape));
      const sdk = costs.get(caseName('sdk', instrument, shape));
      if (ours === undefined || sdk === undefined) throw new Error(`${instrument}, ${shape} was not measured`);
      return {
        name: `${instrument}, ${shape === '0' ? 'no tags' : `${shape.replace(' ', ' tags ')}`}`,
        values: [
          formatSpread(ours.nanos),
          formatSpread(sdk.nanos),
          formatRatio(ours.nanos, sdk.nanos),
          formatRatio(ours.largeHeapNanos, sdk.largeHeapNanos),
          formatSpread(ours.bytes),
          formatSpread(sdk.bytes),
          formatRatio(ours.bytes, sdk.bytes),
        ],
        points: [
          { series: 'ours', value: ours.nanos.median },
          { series: 'SDK', value: sdk.nanos.median },
        ],
        ...(instrument === 'histogram' &&
          shape === '0' && {
            figures: { histogram: ratioOf(ours.largeHeapNanos.samples, sdk.largeHeapNanos.samples) },
          }),
      };
    });
  },
};
