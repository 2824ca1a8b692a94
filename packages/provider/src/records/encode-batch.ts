import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { itemMeasures } from '../values/item-size.ts';
import { writeFrame } from './frames.ts';

/** A batch as plain data, for another process. */
export interface PlainBatch<S extends OtelSignal = OtelSignal> {
  readonly signal: S;
  /** The same each time this batch is sent, so that a receiver can drop repeats. */
  readonly id: string;
  readonly items: readonly SignalItems[S][];
}

/**
 * Encodes a batch for another process: synchronously, without loading a serialiser, and much cheaper than OTLP.
 *
 * @throws DataCloneError for a value that is not plain data; such values are removed before they enter the outlet.
 */
export function encodeBatch<S extends OtelSignal>(signal: S, items: readonly SignalItems[S][], id: string): Buffer {
  return writeFrame({ signal, id, items } satisfies PlainBatch<S>);
}

/** How many items a batch counts as: its data points, spans or records. */
export function batchCount<S extends OtelSignal>({ signal, items }: PlainBatch<S>): number {
  return items.reduce((count, item) => count + itemMeasures[signal].countOf(item), 0);
}

/** Whether the items of a batch can be sent: another version may have written it. */
export function isSendable<S extends OtelSignal>({ signal, items }: PlainBatch<S>): boolean {
  try {
    return items.every((item) => {
      const context = 'spanContext' in item ? item.spanContext : undefined;
      const hasContext = typeof context?.traceId === 'string' || (context === undefined && signal !== 'traces');
      return hasContext && typeof item.resource.attributes === 'object' && itemMeasures[signal].sizeOf(item) > 0;
    });
  } catch {
    return false;
  }
}
