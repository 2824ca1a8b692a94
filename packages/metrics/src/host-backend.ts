import type { Meter, MeterProvider, ObservableCallback, ObservableGauge } from '@opentelemetry/api';
import { createNoopMeter, diag, ValueType } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { FailureReport } from './failure-report.ts';
import { HeldCounters } from './held-counters.ts';
import type { Instrument, InstrumentDefinition, MetricsBackend } from './instrument.ts';
import { METER_NAME } from './instrument.ts';
import { MetricsError } from './metrics-error.ts';
import type { Tags } from './metrics-sink.ts';
import { withinTime } from './time-limit.ts';

/** Records through OpenTelemetry's API on a provider of the host. */
export class HostBackend implements MetricsBackend {
  readonly #provider: MeterProvider;
  readonly #meter: Meter;
  readonly #failures: FailureReport;
  readonly #counters: HeldCounters;
  readonly #instruments = new Map<string, Instrument>();
  readonly #observations: { readonly gauge: ObservableGauge; readonly callback: ObservableCallback }[] = [];

  constructor(provider: MeterProvider, failures: FailureReport) {
    this.#provider = provider;
    this.#meter = provider.getMeter(METER_NAME);
    // The API gives this meter before a host registers its provider. It does not become a meter of that provider later.
    if (this.#meter === createNoopMeter())
      diag.warn('codex-otel/metrics: metrics are not exported: the meter provider is a no-op');
    this.#failures = failures;
    this.#counters = new HeldCounters(this.#meter, failures);
  }

  instrument(definition: InstrumentDefinition): Instrument {
    const { name, kind, unit, description } = definition;
    const key = [kind, name, unit].join('\n');
    const known = this.#instruments.get(key);
    if (known !== undefined && known.definition.description.length >= description.length) return known;
    const made = this.#open(definition);
    this.#instruments.set(key, made);
    return made;
  }

  observe(definition: InstrumentDefinition, tags: Tags, callback: () => number): void {
    const { name, unit, description } = definition;
    const options = { ...optional(unit, description), valueType: ValueType.INT };
    const gauge = this.#meter.createObservableGauge(name, options);
    const guarded: ObservableCallback = (result) => {
      try {
        const value = callback();
        if (!Number.isFinite(value)) throw new RangeError('not a finite number');
        result.observe(Math.trunc(value), tags);
      } catch (error) {
        this.#failures.add(name, error);
      }
    };
    gauge.addCallback(guarded);
    this.#observations.push({ gauge, callback: guarded });
  }

  liveTags(): Iterable<object> {
    return [];
  }

  async snapshot(): Promise<ResourceMetrics> {
    throw new MetricsError('RUNTIME_SNAPSHOT_UNAVAILABLE', "metrics go to the host's provider, which cannot be read");
  }

  collectNow(): undefined {
    return undefined;
  }

  async forceFlush(): Promise<void> {
    this.#counters.release();
    const provider: MeterProvider & { forceFlush?: () => Promise<void> } = this.#provider;
    await provider.forceFlush?.();
  }

  /** Flushes the provider and removes the client's callbacks from it. */
  async shutdown(timeoutMillis: number): Promise<void> {
    this.#counters.end();
    try {
      await withinTime(timeoutMillis, this.forceFlush(), {
        late: () => `the host's meter provider was not flushed within ${timeoutMillis} ms`,
      });
    } finally {
      for (const { gauge, callback } of this.#observations) gauge.removeCallback(callback);
    }
  }

  #open(definition: InstrumentDefinition): Instrument {
    const { name, kind, unit, description, boundaries } = definition;
    const options = optional(unit, description);
    switch (kind) {
      case 'counter':
        return this.#counters.hold(
          definition,
          this.#meter.createCounter(name, { ...options, valueType: ValueType.INT }),
        );
      case 'gauge': {
        const gauge = this.#meter.createGauge(name, { ...options, valueType: ValueType.INT });
        return { definition, record: (value, tags) => gauge.record(value, tags) };
      }
      case 'histogram': {
        const advice = { explicitBucketBoundaries: [...boundaries] };
        const histogram = this.#meter.createHistogram(name, { ...options, advice });
        return { definition, record: (value, tags) => histogram.record(value, tags) };
      }
      case 'observable-gauge':
        return { definition, record: () => {} };
    }
  }
}

function optional(unit: string, description: string): { unit?: string; description?: string } {
  return { ...(unit === '' ? {} : { unit }), ...(description === '' ? {} : { description }) };
}
