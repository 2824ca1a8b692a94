import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Tags } from './metrics-sink.ts';

/** The scope that all metrics are exported under. */
export const METER_NAME = 'codex';

/** How values of a metric are put together. */
export type InstrumentKind = 'counter' | 'histogram' | 'gauge' | 'observable-gauge';

/** A metric before it has values. */
export interface InstrumentDefinition {
  readonly name: string;
  readonly kind: InstrumentKind;
  /** Empty: none. A changed unit renames the series in Prometheus. */
  readonly unit: string;
  readonly description: string;
  /** Upper bounds of a histogram's buckets; of no meaning to the other kinds. */
  readonly boundaries: readonly number[];
}

/** Takes values that are checked already, under tags from one {@link TagSets}. */
export interface Instrument {
  readonly definition: InstrumentDefinition;
  record(value: number, tags: Tags): void;
}

/** Where a client's values go: the series store of its own, or the provider of its host. */
export interface MetricsBackend {
  /** Gives the instrument of this name, kind and unit; the description may differ, the longer one stays. */
  instrument(definition: InstrumentDefinition): Instrument;
  /** Asks for a value at each collection. */
  observe(definition: InstrumentDefinition, tags: Tags, callback: () => number): void;
  /** Tags that are keys of series at the moment. */
  liveTags(): Iterable<object>;
  snapshot(): Promise<ResourceMetrics>;
  collectNow(): ResourceMetrics | undefined;
  forceFlush(): Promise<void>;
  shutdown(timeoutMillis: number): Promise<void>;
}
