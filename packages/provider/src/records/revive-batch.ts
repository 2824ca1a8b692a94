import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import type { PlainBatch } from './encode-batch.ts';
import type { PlainItems } from './plain-records.ts';
import { RevivedRecords } from './revived-records.ts';

/** A batch that was read, ready to be sent. */
export type RevivedBatch = {
  readonly [S in OtelSignal]: { readonly signal: S; readonly id: string; readonly items: readonly SignalItems[S][] };
}[OtelSignal];

/** Makes a batch that `encodeBatch` wrote ready to be sent. */
export function reviveBatch(batch: PlainBatch): RevivedBatch {
  const records = new RevivedRecords();
  const { signal, id } = batch;
  switch (signal) {
    case 'traces':
      return { signal, id, items: (batch.items as PlainItems['traces'][]).map((span) => records.span(span)) };
    case 'logs':
      return { signal, id, items: (batch.items as PlainItems['logs'][]).map((record) => records.logRecord(record)) };
    case 'metrics':
      return { signal, id, items: (batch.items as PlainItems['metrics'][]).map((each) => records.metrics(each)) };
  }
}
