import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Tags } from './metrics-sink.ts';

/** The scope that all metrics are exported under. */
export const METER_NAME = 'codex';

/** How values of a metric are aggregated. */
export type InstrumentKind = 'counter' | 'histogram' | 'gauge' | 'observable-gauge';

/** A metric before it has values. */
export interface InstrumentDefinition {
  readonly name: string;
  readonly kind: InstrumentKind;
  /** Empty if there is none. A changed unit renames the series in Prometheus. */
  readonly unit: string;
  readonly description: string;
  /** Upper bounds of a histogram's buckets; unused by the other kinds. */
  readonly boundaries: readonly number[];
}

/** Records values that are already checked, with tags from one {@link TagSets}. */
export interface Instrument {
  readonly definition: InstrumentDefinition;
  record(value: number, tags: Tags): void;
}

/** Where a client's values go: its own series store, or the host's provider. */
export interface MetricsBackend {
  /** The instrument of this name, kind and unit. Of two descriptions the longer one is kept. */
  instrument(definition: InstrumentDefinition): Instrument;
  /** Calls back for a value at each collection. */
  observe(definition: InstrumentDefinition, tags: Tags, callback: () => number): void;
  /** The tag sets that series are keyed by at the moment. */
  liveTags(): Iterable<object>;
  snapshot(): Promise<ResourceMetrics>;
  collectNow(): ResourceMetrics | undefined;
  forceFlush(): Promise<void>;
  shutdown(timeoutMillis: number): Promise<void>;
}
