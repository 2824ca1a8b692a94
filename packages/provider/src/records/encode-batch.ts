import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { metricPoints } from '../values/item-size.ts';
import { writeFrame } from './frames.ts';
import type { PlainItems } from './plain-records.ts';
import { PlainRecords } from './plain-records.ts';

/** A batch as it is written. */
export interface PlainBatch<S extends OtelSignal = OtelSignal> {
  readonly signal: S;
  /** The same each time this batch is sent, so that a receiver can drop repeats. */
  readonly id: string;
  readonly items: readonly PlainItems[S][];
}

/** A batch, and what could not go into it. */
export interface EncodedBatch<Item> {
  /** Absent when nothing could be encoded. */
  readonly bytes?: Buffer;
  /** Items with content that is no data, such as a function in a log body. */
  readonly unusable: readonly Item[];
}

/** Writes items as plain records: synchronous, without loading a serialiser, and far cheaper than OTLP. */
export function encodeBatch<S extends OtelSignal>(
  signal: S,
  items: readonly SignalItems[S][],
  id: string,
): EncodedBatch<SignalItems[S]> {
  const take = taker(signal);
  const write = (some: readonly SignalItems[S][]) => writeFrame({ signal, id, items: some.map(take) });
  try {
    return { bytes: write(items), unusable: [] };
  } catch {
    const unusable = new Set(items.filter((item) => !canWrite(item, take)));
    const usable = items.filter((item) => !unusable.has(item));
    return { ...(usable.length > 0 && { bytes: write(usable) }), unusable: [...unusable] };
  }
}

/** What the items of a batch count as: data points, or one each. */
export function batchCount({ signal, items }: PlainBatch): number {
  if (signal !== 'metrics') return items.length;
  return (items as PlainItems['metrics'][]).reduce((points, metrics) => points + metricPoints(metrics), 0);
}

function canWrite<Item>(item: Item, take: (item: Item) => unknown): boolean {
  try {
    writeFrame(take(item));
    return true;
  } catch {
    return false;
  }
}

/** How items of a signal are taken apart. */
function taker<S extends OtelSignal>(signal: S): (item: SignalItems[S]) => PlainItems[S] {
  const records = new PlainRecords();
  const takers: { readonly [Each in OtelSignal]: (item: SignalItems[Each]) => PlainItems[Each] } = {
    traces: (span) => records.span(span),
    logs: (record) => records.logRecord(record),
    metrics: (metrics) => records.metrics(metrics),
  };
  return takers[signal];
}
