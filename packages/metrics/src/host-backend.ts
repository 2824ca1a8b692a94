import type { Meter, MeterProvider } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { FailureReport } from './failure-report.ts';
import type { Instrument, InstrumentDefinition, MetricsBackend } from './instrument.ts';
import { METER_NAME } from './instrument.ts';
import { MetricsError } from './metrics-error.ts';
import type { Tags } from './metrics-sink.ts';
import { withinTime } from './time-limit.ts';

/** Values through OpenTelemetry's API on a provider that the host made and owns. */
export class HostBackend implements MetricsBackend {
  readonly #provider: MeterProvider;
  readonly #meter: Meter;
  readonly #failures: FailureReport;
  readonly #instruments = new Map<string, Instrument>();

  constructor(provider: MeterProvider, failures: FailureReport) {
    this.#provider = provider;
    this.#meter = provider.getMeter(METER_NAME);
    this.#failures = failures;
  }

  instrument(definition: InstrumentDefinition): Instrument {
    const { name, kind, unit, description } = definition;
    const key = [kind, name, unit].join('\n');
    const known = this.#instruments.get(key);
    if (known !== undefined && known.definition.description.length >= description.length) return known;
    const made: Instrument = { definition, record: recordFunction(this.#meter, definition) };
    this.#instruments.set(key, made);
    return made;
  }

  observe(definition: InstrumentDefinition, tags: Tags, callback: () => number): void {
    const { name, unit, description } = definition;
    this.#meter
      .createObservableGauge(name, { ...optional(unit, description), valueType: ValueType.INT })
      .addCallback((result) => {
        try {
          const value = callback();
          if (!Number.isFinite(value)) throw new RangeError('not a finite number');
          result.observe(Math.trunc(value), tags);
        } catch (error) {
          this.#failures.add(name, error);
        }
      });
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
    const provider: MeterProvider & { forceFlush?: () => Promise<void> } = this.#provider;
    await provider.forceFlush?.();
  }

  shutdown(timeoutMillis: number): Promise<void> {
    return withinTime(timeoutMillis, this.forceFlush());
  }
}

function recordFunction(meter: Meter, definition: InstrumentDefinition): Instrument['record'] {
  const { name, kind, unit, description, boundaries } = definition;
  const options = optional(unit, description);
  switch (kind) {
    case 'counter': {
      const counter = meter.createCounter(name, { ...options, valueType: ValueType.INT });
      return (value, tags) => counter.add(value, tags);
    }
    case 'gauge': {
      const gauge = meter.createGauge(name, { ...options, valueType: ValueType.INT });
      return (value, tags) => gauge.record(value, tags);
    }
    case 'histogram': {
      const advice = { explicitBucketBoundaries: [...boundaries] };
      const histogram = meter.createHistogram(name, { ...options, advice });
      return (value, tags) => histogram.record(value, tags);
    }
    case 'observable-gauge':
      return () => {};
  }
}

function optional(unit: string, description: string): { unit?: string; description?: string } {
  return { ...(unit === '' ? {} : { unit }), ...(description === '' ? {} : { description }) };
}
