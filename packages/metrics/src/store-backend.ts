import type { Resource } from '@opentelemetry/resources';
import type { PushMetricExporter, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Instrument, InstrumentDefinition, MetricsBackend } from './instrument.ts';
import { MetricsError } from './metrics-error.ts';
import type { Tags } from './metrics-sink.ts';
import { PeriodicExport } from './periodic-export.ts';
import type { SeriesStore } from './series-store.ts';

/** The readers of the store, by their position in its list. */
export const PERIODIC_READER = 0;
export const RUNTIME_READER = 1;

/** Parts of a {@link StoreBackend}. */
export interface StoreBackendParts {
  readonly store: SeriesStore;
  readonly exporter: PushMetricExporter;
  readonly resource: Resource;
  readonly exportIntervalMillis: number;
  /** See {@link PeriodicExportParts}. */
  readonly describe: () => string;
  readonly runtimeReader: boolean;
}

/** Records in our own store and exports on our own timer. */
export class StoreBackend implements MetricsBackend {
  readonly #store: SeriesStore;
  readonly #resource: Resource;
  readonly #runtimeReader: boolean;
  readonly #export: PeriodicExport;

  constructor(parts: StoreBackendParts) {
    this.#store = parts.store;
    this.#resource = parts.resource;
    this.#runtimeReader = parts.runtimeReader;
    this.#export = new PeriodicExport({
      collect: () => this.#collect(PERIODIC_READER),
      exporter: parts.exporter,
      intervalMillis: parts.exportIntervalMillis,
      describe: parts.describe,
    });
  }

  instrument(definition: InstrumentDefinition): Instrument {
    return this.#store.instrument(definition);
  }

  observe(definition: InstrumentDefinition, tags: Tags, callback: () => number): void {
    this.#store.observe(definition, tags, callback);
  }

  liveTags(): Iterable<object> {
    return this.#store.liveTags();
  }

  async snapshot(): Promise<ResourceMetrics> {
    if (!this.#runtimeReader) {
      throw new MetricsError('RUNTIME_SNAPSHOT_UNAVAILABLE', 'the client was made without runtimeReader');
    }
    return this.#collect(RUNTIME_READER);
  }

  collectNow(): ResourceMetrics {
    return this.#collect(PERIODIC_READER);
  }

  forceFlush(): Promise<void> {
    return this.#export.forceFlush();
  }

  shutdown(timeoutMillis: number): Promise<void> {
    return this.#export.shutdown(timeoutMillis);
  }

  #collect(reader: number): ResourceMetrics {
    const scopeMetrics: ScopeMetrics[] = this.#store.collect(reader);
    return { resource: this.#resource, scopeMetrics };
  }
}
