import type { Attributes, HrTime } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import type {
  AggregationTemporality,
  DataPoint,
  DataPointType,
  MetricData,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { FailureReport } from './failure-report.ts';
import type { Instrument, InstrumentDefinition } from './instrument.ts';
import { METER_NAME } from './instrument.ts';
import type { Tags } from './metrics-sink.ts';
import type { Point } from './points.ts';
import { HistogramPoint, LastValuePoint, SumPoint } from './points.ts';
import type { Temporality } from './temporality.ts';

/** The tags of the series that a metric's further series go to once it has too many, as in the SDK. */
const overflowTags: Attributes = Object.freeze({ 'otel.metric.overflow': true });

// Values of the SDK's enums; the SDK itself is not loaded here.
const delta = 0 satisfies AggregationTemporality.DELTA;
const cumulative = 1 satisfies AggregationTemporality.CUMULATIVE;
const dataPointTypes = {
  histogram: 0 satisfies DataPointType.HISTOGRAM,
  gauge: 2 satisfies DataPointType.GAUGE,
  sum: 3 satisfies DataPointType.SUM,
} as const;

/** A reader of the store. The store remembers for each reader what it has read. */
export interface StoreReader {
  readonly temporality: Temporality;
  /** Names of metrics that this reader does not get. @defaultValue none */
  readonly excluded?: ReadonlySet<string> | undefined;
}

/** Options of {@link SeriesStore}. */
export interface SeriesStoreOptions {
  readonly failures: FailureReport;
  /** How many series a metric may have between two collections, including the overflow series. @defaultValue `2000` */
  readonly cardinalityLimit?: number | undefined;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

/**
 * All values of a client, aggregated in place.
 *
 * The SDK's synchronous instruments sort, join and hash the attributes of every call. Here the caller passes one object
 * for each set of tags ({@link TagSets}), and a series is found by the object's identity. What is collected equals what
 * the SDK's instruments and readers give for the same calls.
 */
export class SeriesStore {
  readonly #readers: readonly StoreReader[];
  readonly #failures: FailureReport;
  readonly #cardinalityLimit: number;
  readonly #now: () => number;
  readonly #instruments = new Map<string, StoredInstrument[]>();
  readonly #observations: {
    readonly instrument: StoredInstrument;
    readonly tags: Tags;
    readonly callback: () => number;
  }[] = [];

  constructor(readers: readonly StoreReader[], options: SeriesStoreOptions) {
    this.#readers = readers;
    this.#failures = options.failures;
    this.#cardinalityLimit = options.cardinalityLimit ?? 2000;
    this.#now = options.now ?? Date.now;
  }

  /** One instrument for each name, kind and unit. Of several descriptions the longest is kept, as in the SDK. */
  instrument(definition: InstrumentDefinition): StoredInstrument {
    const namesakes = this.#instruments.get(definition.name) ?? [];
    const known = namesakes.find(
      ({ definition: { kind, unit } }) => kind === definition.kind && unit === definition.unit,
    );
    if (known !== undefined) {
      known.describe(definition.description);
      return known;
    }
    const readers = this.#readers.map((reader) => (reader.excluded?.has(definition.name) ? undefined : reader));
    const instrument = storedInstrument(definition, readers, this.#cardinalityLimit, this.#now);
    this.#instruments.set(definition.name, [...namesakes, instrument]);
    return instrument;
  }

  /** Calls back for a value at each collection. */
  observe(definition: InstrumentDefinition, tags: Tags, callback: () => number): void {
    this.#observations.push({ instrument: this.instrument(definition), tags, callback });
  }

  /** Whether nothing was ever recorded. */
  get isEmpty(): boolean {
    return this.#instruments.size === 0;
  }

  /** What one reader, given by its position in the constructor's list, has not read yet. */
  collect(reader: number): ScopeMetrics[] {
    const time = hrTime(this.#now());
    for (const { instrument, tags, callback } of this.#observations) {
      try {
        instrument.observe(callback(), tags, time);
      } catch (error) {
        this.#failures.add(instrument.definition.name, error);
      }
    }
    const metrics = [...this.#instruments.values()]
      .flat()
      .map((instrument) => instrument.collect(reader, time))
      .filter((metric) => metric !== undefined);
    return metrics.length === 0 ? [] : [{ scope: { name: METER_NAME }, metrics }];
  }

  /** The tag sets that series are keyed by at the moment. */
  *liveTags(): Iterable<object> {
    for (const instruments of this.#instruments.values()) {
      for (const instrument of instruments) yield* instrument.liveTags();
    }
    for (const { tags } of this.#observations) yield tags;
  }
}

/** An instrument of the store. It has one stream of points for each reader. */
interface StoredInstrument extends Instrument {
  describe(description: string): void;
  /** Records for all readers, not only the one that collects, as the SDK does. */
  observe(value: number, tags: Tags, time: HrTime): void;
  collect(reader: number, time: HrTime): MetricData | undefined;
  liveTags(): Iterable<object>;
}

function storedInstrument(
  definition: InstrumentDefinition,
  readers: readonly (StoreReader | undefined)[],
  cardinalityLimit: number,
  now: () => number,
): StoredInstrument {
  const streams = <Value>(open: (startTime: HrTime) => Point<Value>) =>
    readers.map((reader) => reader && new Stream(open, reader.temporality(definition.kind), cardinalityLimit, now));
  switch (definition.kind) {
    case 'counter':
      return new StreamInstrument(
        definition,
        streams((start) => new SumPoint(start)),
        (data, dataPoints) => ({ ...data, dataPointType: dataPointTypes.sum, dataPoints, isMonotonic: true }),
      );
    case 'gauge':
    case 'observable-gauge':
      return new StreamInstrument(
        definition,
        streams((start) => new LastValuePoint(start)),
        (data, dataPoints) => ({ ...data, dataPointType: dataPointTypes.gauge, dataPoints }),
      );
    case 'histogram': {
      const boundaries = [...definition.boundaries];
      return new StreamInstrument(
        definition,
        streams((start) => new HistogramPoint(start, boundaries)),
        (data, dataPoints) => ({ ...data, dataPointType: dataPointTypes.histogram, dataPoints }),
      );
    }
  }
}

class StreamInstrument<Value> implements StoredInstrument {
  readonly #streams: readonly (Stream<Value> | undefined)[];
  /** The stream, if the client has only one reader. Going through the list would be a sixth of the cost of a call. */
  readonly #only: Stream<Value> | undefined;
  readonly #assemble: (data: CommonMetricData, points: DataPoint<Value>[]) => MetricData;
  #definition: InstrumentDefinition;

  constructor(
    definition: InstrumentDefinition,
    streams: readonly (Stream<Value> | undefined)[],
    assemble: (data: CommonMetricData, points: DataPoint<Value>[]) => MetricData,
  ) {
    this.#definition = definition;
    this.#streams = streams;
    this.#only = streams.length === 1 ? streams[0] : undefined;
    this.#assemble = assemble;
  }

  get definition(): InstrumentDefinition {
    return this.#definition;
  }

  describe(description: string): void {
    if (description.length > this.#definition.description.length)
      this.#definition = { ...this.#definition, description };
  }

  record(value: number, tags: Tags): void {
    if (this.#only !== undefined) this.#only.record(value, tags);
    else for (const stream of this.#streams) stream?.record(value, tags);
  }

  observe(value: number, tags: Tags, time: HrTime): void {
    if (!Number.isFinite(value)) throw new RangeError('not a finite number');
    for (const stream of this.#streams) stream?.record(Math.trunc(value), tags, time);
  }

  collect(reader: number, time: HrTime): MetricData | undefined {
    const stream = this.#streams[reader];
    const points = stream?.collect(time) ?? [];
    if (stream === undefined || points.length === 0) return undefined;
    const { name, description, unit, kind } = this.#definition;
    const descriptor = { name, description, unit, valueType: kind === 'histogram' ? ValueType.DOUBLE : ValueType.INT };
    return this.#assemble({ descriptor, aggregationTemporality: stream.isCumulative ? cumulative : delta }, points);
  }

  *liveTags(): Iterable<object> {
    for (const stream of this.#streams) if (stream !== undefined) yield* stream.liveTags();
  }
}

type CommonMetricData = Pick<MetricData, 'descriptor' | 'aggregationTemporality'>;

/** The points of one metric for one reader. */
class Stream<Value> {
  readonly isCumulative: boolean;
  readonly #open: (startTime: HrTime) => Point<Value>;
  /** How many series there may be in addition to the overflow series. */
  readonly #limit: number;
  readonly #now: () => number;
  /** Recorded since the last collection. */
  #active = new Map<Attributes, Point<Value>>();
  /** Reported at the last collection; if cumulative, everything so far. */
  #reported = new Map<Attributes, Point<Value>>();
  #collected: HrTime | undefined;
  /** The point of the last value; the next one often has the same tags. */
  #last: Point<Value> | undefined;
  #lastTags: Tags | undefined;

  constructor(open: (startTime: HrTime) => Point<Value>, isCumulative: boolean, limit: number, now: () => number) {
    this.#open = open;
    this.isCumulative = isCumulative;
    this.#limit = limit - 1;
    this.#now = now;
  }

  record(value: number, tags: Tags, time?: HrTime): void {
    if (this.#last === undefined || this.#lastTags !== tags) {
      this.#last = this.#active.get(tags) ?? this.#opened(tags, time);
      this.#lastTags = tags;
    }
    this.#last.record(value);
  }

  collect(time: HrTime): DataPoint<Value>[] {
    const recorded = this.#active;
    this.#active = new Map();
    this.#last = undefined;
    if (this.isCumulative) this.#absorb(recorded);
    else this.#advance(recorded);
    this.#collected = time;
    return Array.from(this.#reported, ([attributes, point]) => ({
      attributes,
      startTime: point.startTime,
      endTime: time,
      value: point.read(),
    }));
  }

  *liveTags(): Iterable<object> {
    yield* this.#active.keys();
    yield* this.#reported.keys();
  }

  #opened(tags: Tags, time: HrTime | undefined): Point<Value> {
    const key = this.#active.size < this.#limit ? tags : overflowTags;
    const known = this.#active.get(key);
    if (known !== undefined) return known;
    const point = this.#open(time ?? hrTime(this.#now()));
    this.#active.set(key, point);
    return point;
  }

  #absorb(recorded: ReadonlyMap<Attributes, Point<Value>>): void {
    for (const [tags, point] of recorded) {
      const total = this.#reported.get(tags);
      if (total === undefined) this.#reported.set(tags, point);
      else total.absorb(point);
    }
  }

  /** A series that was reported at the last collection starts there; a new one starts with its first value. */
  #advance(recorded: Map<Attributes, Point<Value>>): void {
    if (this.#collected !== undefined) {
      for (const [tags, point] of recorded) if (this.#reported.has(tags)) point.startTime = this.#collected;
    }
    this.#reported = recorded;
  }
}

function hrTime(millis: number): HrTime {
  return [Math.trunc(millis / 1000), Math.round((millis % 1000) * 1e6)];
}
