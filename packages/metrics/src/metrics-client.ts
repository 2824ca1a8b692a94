import { errorReason } from '@codex-otel/config';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { FailureReport } from './failure-report.ts';
import {
  DURATION_MILLIS_BOUNDARIES,
  DURATION_SECONDS_BOUNDARIES,
  histogramBoundaries,
} from './histogram-boundaries.ts';
import type { Instrument, InstrumentDefinition, MetricsBackend } from './instrument.ts';
import { fractionalDurations } from './metric-exceptions.ts';
import {
  validateBoundaries,
  validateDuration,
  validateFinite,
  validateIncrement,
  validateMetricName,
  validateWhole,
} from './metric-validation.ts';
import { MetricsError } from './metrics-error.ts';
import type { MetricDescription, MetricsSink, Tags, Timer } from './metrics-sink.ts';
import { NamedInstruments } from './named-instruments.ts';
import { TagSets } from './tag-sets.ts';
import { longestTimerMillis } from './time-limit.ts';
import { createTimer } from './timer.ts';

const longestDurationMillis = 2 ** 63;
const defaultShutdownMillis = 5000;

/** What a client is made of; see {@link createMetricsClient}. */
export interface MetricsClientParts {
  readonly backend: MetricsBackend;
  readonly defaultTags: Tags;
  readonly failures: FailureReport;
}

/** Makes a client; its constructor is private, so that what it is made of is not part of the public types. */
export let openMetricsClient: (parts: MetricsClientParts) => MetricsClient;

/**
 * Records metrics. Made by {@link createMetricsClient}.
 *
 * Each recording method checks the name, then the value, then the tags. If one of them is not valid, it records nothing
 * and throws a {@link MetricsError} that says which. After {@link MetricsClient.shutdown} recording does nothing.
 */
export class MetricsClient implements MetricsSink {
  readonly #backend: MetricsBackend;
  readonly #tags: TagSets;
  readonly #failures: FailureReport;
  readonly #counters = new NamedInstruments((name) => this.#instrument(name, { kind: 'counter' }));
  readonly #histograms = new NamedInstruments((name) => this.#instrument(name, { kind: 'histogram' }));
  readonly #durations = new NamedInstruments((name) => this.#instrument(name, durationMillisTraits));
  #shutdown: Promise<void> | undefined;

  static {
    openMetricsClient = (parts) => new MetricsClient(parts);
  }

  private constructor(parts: MetricsClientParts) {
    this.#backend = parts.backend;
    this.#failures = parts.failures;
    this.#tags = new TagSets(parts.defaultTags, () => parts.backend.liveTags());
  }

  /**
   * Adds to a counter.
   *
   * @param increment - A whole number of at least 0.
   * @throws {@link MetricsError} for an invalid name or tag; NEGATIVE_COUNTER_INCREMENT, INVALID_VALUE.
   */
  counter(name: string, increment: number, tags?: Tags, description?: MetricDescription): void {
    if (this.#shutdown !== undefined) return;
    const instrument =
      description === undefined
        ? this.#counters.get(name)
        : this.#instrument(name, { kind: 'counter', ...described(description) });
    validateIncrement(name, increment);
    instrument.record(increment, this.#tags.resolve(tags));
  }

  /** {@link MetricsClient.counter} with a description. */
  counterWithDescription(name: string, description: string, increment: number, tags?: Tags): void {
    this.counter(name, increment, tags, { description });
  }

  /**
   * Adds a value to a histogram. Negative values are allowed, but a host's provider drops them.
   *
   * @throws {@link MetricsError} for an invalid name or tag; INVALID_VALUE for NaN and the infinities.
   */
  histogram(name: string, value: number, tags?: Tags): void {
    if (this.#shutdown !== undefined) return;
    const instrument = this.#histograms.get(name);
    validateFinite(name, value);
    instrument.record(value, this.#tags.resolve(tags));
  }

  /**
   * {@link MetricsClient.histogram} with its own buckets.
   *
   * @param boundaries - Upper bounds, finite and ascending. The first call for a name and unit decides.
   */
  histogramWithBoundaries(
    name: string,
    boundaries: readonly number[],
    value: number,
    tags?: Tags,
    description: MetricDescription = {},
  ): void {
    if (this.#shutdown !== undefined) return;
    const instrument = this.#instrument(name, { kind: 'histogram', ...described(description), boundaries });
    validateFinite(name, value);
    instrument.record(value, this.#tags.resolve(tags));
  }

  /**
   * Adds a duration to a histogram with the unit `ms`. Fractions are cut off, except for the times between tokens.
   *
   * @throws {@link MetricsError} for an invalid name or tag; INVALID_VALUE for a negative or infinite duration.
   */
  recordDuration(name: string, durationMillis: number, tags?: Tags): void {
    if (this.#shutdown !== undefined) return;
    const instrument = this.#durations.get(name);
    validateDuration(name, durationMillis);
    // Most callers have already rounded.
    const millis = Number.isSafeInteger(durationMillis) ? durationMillis : keptMillis(name, durationMillis);
    instrument.record(millis, this.#tags.resolve(tags));
  }

  /** Adds a duration to a histogram with the unit `s`; fractions are kept. */
  recordDurationSeconds(name: string, description: string, seconds: number, tags?: Tags): void {
    if (this.#shutdown !== undefined) return;
    const boundaries = DURATION_SECONDS_BOUNDARIES;
    const instrument = this.#instrument(name, { kind: 'histogram', unit: 's', description, boundaries });
    validateDuration(name, seconds);
    instrument.record(seconds, this.#tags.resolve(tags));
  }

  /** Starts a timer, which records one duration, by {@link MetricsClient.recordDuration}. */
  startTimer(name: string, tags?: Tags): Timer {
    return createTimer({ sink: this, failures: this.#failures }, name, tags);
  }

  /**
   * Sets a value that goes up and down.
   *
   * @param value - A whole number.
   * @throws {@link MetricsError} for an invalid name or tag; INVALID_VALUE.
   */
  gauge(name: string, value: number, tags?: Tags, description: MetricDescription = {}): void {
    if (this.#shutdown !== undefined) return;
    const instrument = this.#instrument(name, { kind: 'gauge', ...described(description) });
    validateWhole(name, value);
    instrument.record(value, this.#tags.resolve(tags));
  }

  /**
   * Calls back for a whole number at each collection. If the callback throws or gives no finite number, the metric is
   * missing from that collection and the failure is reported on `diag`.
   *
   * @throws {@link MetricsError} for an invalid name or tag; INVALID_VALUE if `callback` is not a function.
   */
  observableGauge(name: string, description: string, callback: () => number, tags?: Tags): void {
    if (this.#shutdown !== undefined) return;
    validateMetricName(name);
    if (typeof callback !== 'function') throw new MetricsError('INVALID_VALUE', `'${name}' has no callback`);
    const text = described({ description }).description;
    const definition = { name, kind: 'observable-gauge', unit: '', description: text, boundaries: [] } as const;
    this.#backend.observe(definition, this.#tags.resolve(tags), callback);
  }

  /**
   * How many values of timers and observable gauges could not be recorded; they are reported on `diag` instead of
   * thrown.
   */
  get failures(): number {
    return this.#failures.count;
  }

  /**
   * What was recorded since the last snapshot. It does not affect the periodic export.
   *
   * @throws {@link MetricsError} (as a rejection) RUNTIME_SNAPSHOT_UNAVAILABLE without `runtimeReader: true`.
   */
  snapshot(): Promise<ResourceMetrics> {
    return this.#backend.snapshot();
  }

  /**
   * Takes out, synchronously, what the next export would send, so that it can be handed over when the process ends.
   *
   * @returns `undefined` on a host's provider, which exports by itself.
   */
  collectNow(): ResourceMetrics | undefined {
    return this.#backend.collectNow();
  }

  /**
   * Exports what was recorded so far.
   *
   * @throws {@link MetricsError} (as a rejection) SHUTDOWN_FAILED when the exporter fails.
   */
  async forceFlush(): Promise<void> {
    if (this.#shutdown === undefined) await guarded('flush', this.#backend.forceFlush());
  }

  /**
   * Exports what is left and ends the client. The first call counts; later calls get the same promise. A host's
   * provider is flushed, not shut down.
   *
   * @param options - `timeoutMillis`, by default 5,000.
   * @throws {@link MetricsError} (as a rejection) SHUTDOWN_FAILED when the exporter fails or the time is up.
   */
  shutdown(options?: { readonly timeoutMillis?: number | undefined }): Promise<void> {
    const given: unknown = options?.timeoutMillis;
    const timeoutMillis = typeof given === 'number' && given >= 0 ? given : defaultShutdownMillis;
    this.#shutdown ??= guarded('shutdown', this.#backend.shutdown(Math.min(timeoutMillis, longestTimerMillis)));
    return this.#shutdown;
  }

  #instrument(name: string, traits: InstrumentTraits): Instrument {
    validateMetricName(name);
    const { kind, boundaries } = traits;
    const { unit, description } = described(traits);
    if (boundaries !== undefined) validateBoundaries(name, boundaries);
    return this.#backend.instrument({
      name,
      kind,
      unit,
      description,
      boundaries: boundaries ?? (kind === 'histogram' ? histogramBoundaries(name) : []),
    });
  }
}

/** What distinguishes instruments of one name. */
interface InstrumentTraits extends MetricDescription {
  readonly kind: InstrumentDefinition['kind'];
  readonly boundaries?: readonly number[] | undefined;
}

/**
 * A copy of the two strings of a description, since a metric outlives the call; a value that is not a string is left
 * out.
 */
function described(given: MetricDescription): { readonly unit: string; readonly description: string } {
  try {
    const { unit, description } = given;
    return {
      unit: typeof unit === 'string' ? unit : '',
      description: typeof description === 'string' ? description : '',
    };
  } catch {
    return { unit: '', description: '' };
  }
}

function keptMillis(name: string, millis: number): number {
  return Math.min(fractionalDurations.has(name) ? millis : Math.trunc(millis), longestDurationMillis);
}

const durationMillisTraits: InstrumentTraits = {
  kind: 'histogram',
  unit: 'ms',
  description: 'Duration in milliseconds.',
  boundaries: DURATION_MILLIS_BOUNDARIES,
};

async function guarded(step: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const message = `metrics ${step} failed, what was pending may be lost: ${errorReason(cause)}`;
    throw new MetricsError('SHUTDOWN_FAILED', message, { cause });
  }
}
