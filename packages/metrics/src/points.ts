import type { HrTime } from '@opentelemetry/api';
import type { Histogram } from '@opentelemetry/sdk-metrics';

/**
 * The aggregated value of one series between two collections. It computes as the SDK's aggregators do;
 * test/series-store.test.ts compares the two.
 */
export interface Point<Value> {
  /** Time of the first value, or of the collection before it. */
  startTime: HrTime;
  record(value: number): void;
  /** Adds a newer point of the same series. */
  absorb(newer: this): void;
  /** The value to export, as a copy if the point may change later. */
  read(): Value;
}

/** A running sum. */
export class SumPoint implements Point<number> {
  startTime: HrTime;
  #sum = 0;

  constructor(startTime: HrTime) {
    this.startTime = startTime;
  }

  record(value: number): void {
    this.#sum += value;
  }

  absorb(newer: SumPoint): void {
    this.#sum += newer.#sum;
  }

  read(): number {
    return this.#sum;
  }
}

/** The newest value. */
export class LastValuePoint implements Point<number> {
  startTime: HrTime;
  #value = 0;

  constructor(startTime: HrTime) {
    this.startTime = startTime;
  }

  record(value: number): void {
    this.#value = value;
  }

  absorb(newer: LastValuePoint): void {
    this.#value = newer.#value;
  }

  read(): number {
    return this.#value;
  }
}

/** Counts by bucket, with sum, minimum and maximum. */
export class HistogramPoint implements Point<Histogram> {
  startTime: HrTime;
  readonly #boundaries: number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;
  #min = Infinity;
  #max = -Infinity;
  /** The bucket of the last value and its bounds: the next value is often in it, and then needs no search. */
  #bucket = 0;
  #above = Infinity;
  #upTo = -Infinity;

  constructor(startTime: HrTime, boundaries: number[]) {
    this.startTime = startTime;
    this.#boundaries = boundaries;
    this.#counts = new Array(boundaries.length + 1).fill(0);
  }

  record(value: number): void {
    this.#sum += value;
    this.#count += 1;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value <= this.#above || value > this.#upTo) this.#turnTo(bucketOf(value, this.#boundaries));
    this.#counts[this.#bucket] = (this.#counts[this.#bucket] ?? 0) + 1;
  }

  absorb(newer: HistogramPoint): void {
    this.#sum += newer.#sum;
    this.#count += newer.#count;
    this.#min = Math.min(this.#min, newer.#min);
    this.#max = Math.max(this.#max, newer.#max);
    for (const [bucket, count] of newer.#counts.entries()) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }

  read(): Histogram {
    return {
      min: this.#min,
      max: this.#max,
      sum: this.#sum,
      buckets: { boundaries: this.#boundaries, counts: this.#counts.slice() },
      count: this.#count,
    };
  }

  #turnTo(bucket: number): void {
    this.#bucket = bucket;
    this.#above = this.#boundaries[bucket - 1] ?? -Infinity;
    this.#upTo = this.#boundaries[bucket] ?? Infinity;
  }
}

/** Index of the first boundary that is not below the value, or the number of boundaries. */
function bucketOf(value: number, boundaries: readonly number[]): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boundaries[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
