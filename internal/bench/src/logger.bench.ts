import type { Bench, BenchRow } from './bench.ts';
import { caseName, places, sizes } from './logger.cases.ts';
import { heapsInWords, measureOperations } from './operations.ts';
import { formatRatio, formatSpread, ratioOf } from './statistics.ts';

/** Emitting one log record. */
export const bench: Bench = {
  title: 'Logger: emitting a record',
  about:
    "`provider.logger` into its outlet against the SDK's `Logger.emit` into its batch processor; the attributes are " +
    'made in the call. Nothing is dropped, encoded or sent while the clock runs. ' +
    heapsInWords,
  columns: ['ours ns', 'SDK ns', 'time', 'time, 256 MiB', 'ours bytes', 'SDK bytes', 'bytes'],
  chart: { title: 'Emitting a log record', unit: 'CPU time, ns', kind: 'bars' },
  async run() {
    const pairs = sizes.flatMap((size) => places.map((place) => ({ size, place })));
    const names = pairs.flatMap(({ size, place }) => [caseName('ours', size, place), caseName('sdk', size, place)]);
    const costs = await measureOperations({ module: new URL('./logger.cases.ts', import.meta.url), names });
    const rows = pairs.map(({ size, place }) => {
      const ours = costs.get(caseName('ours', size, place));
      const sdk = costs.get(caseName('sdk', size, place));
      if (ours === undefined || sdk === undefined) throw new Error(`${size} attributes, ${place} was not measured`);
      const row: BenchRow = {
        name: `${size} attributes, ${place}`,
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
      };
      return { row, ratio: ratioOf(ours.largeHeapNanos.samples, sdk.largeHeapNanos.samples) };
    });
    const slowest = rows.toSorted((a, b) => b.ratio.median - a.ratio.median)[0];
    return rows.map(({ row, ratio }) => (ratio === slowest?.ratio ? { ...row, figures: { logger: ratio } } : row));
  },
};
