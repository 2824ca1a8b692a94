import type { Bench, BenchRow } from './bench.ts';
import { measureOperations } from './operations.ts';
import { formatRatio, formatSpread } from './statistics.ts';
import { caseName, shapes } from './trace-context.cases.ts';

/** Trace context from one request into the next. */
export const bench: Bench = {
  title: 'Trace context: extract and inject',
  about:
    "`W3cPropagator` against OpenTelemetry's `W3CTraceContextPropagator`: extract from one set of headers and inject " +
    'into another, 1,024 requests in turn, each with ids and values of its own. Goal: ×0.7 in time.',
  columns: ['ours ns', 'OTel ns', 'time', 'ours bytes', 'OTel bytes', 'bytes'],
  chart: { title: 'Extracting and injecting trace context', unit: 'CPU time, ns', kind: 'bars' },
  async run() {
    const names = shapes.flatMap((shape) => [caseName('ours', shape), caseName('otel', shape)]);
    const costs = await measureOperations({
      module: new URL('./trace-context.cases.ts', import.meta.url),
      names,
    });
    return shapes.map((shape): BenchRow => {
      const ours = costs.get(caseName('ours', shape));
      const otel = costs.get(caseName('otel', shape));
      if (ours === undefined || otel === undefined) throw new Error(`${shape} was not measured`);
      return {
        name: shape,
        values: [
          formatSpread(ours.nanos),
          formatSpread(otel.nanos),
          formatRatio(ours.nanos, otel.nanos),
          formatSpread(ours.bytes),
          formatSpread(otel.bytes),
          formatRatio(ours.bytes, otel.bytes),
        ],
        points: [
          { series: 'ours', value: ours.nanos.median },
          { series: 'OpenTelemetry', value: otel.nanos.median },
        ],
      };
    });
  },
};
