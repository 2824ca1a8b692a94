import type { Counter, Meter, Observable } from '@opentelemetry/api';
import type { FailureReport } from './failure-report.ts';
import type { Instrument, InstrumentDefinition } from './instrument.ts';
import type { Tags } from './metrics-sink.ts';

/** Increments of one counter held back at most, should a provider never say that it collects. */
const mostHeld = 1000;

/**
 * Counters of a host's provider that pay for its hashing of tags only twice between two collections of a series,
 * however often it is added to: the first increment goes to the counter at once and opens the series, further ones
 * are summed up here, by identity of their tags, and follow when the provider begins to collect.
 *
 * Why not an observable counter that tells its totals: with one, a host's view that drops attributes overwrites
 * where it must add, two clients on one provider look like a counter that went back, a new series starts at the
 * end of its first interval, `lowmemory` makes it cumulative, and no series is ever forgotten. Here the host's
 * own counters do all that as ever; the one observable instrument has no values, so it is never exported, and
 * its callback tells of a collection that begins.
 */
export class HeldCounters {
  readonly #failures: FailureReport;
  readonly #collection: Observable;
  readonly #counters: HeldCounter[] = [];

  constructor(meter: Meter, failures: FailureReport) {
    this.#failures = failures;
    this.#collection = meter.createObservableCounter('codex.collection');
    this.#collection.addCallback(this.release);
  }

  /** Takes increments for a counter of the host. */
  hold(definition: InstrumentDefinition, counter: Counter): Instrument {
    const held = new HeldCounter(definition, counter);
    this.#counters.push(held);
    return held;
  }

  /** Hands over what is held; never throws. */
  readonly release = (): void => {
    for (const counter of this.#counters) {
      try {
        counter.release();
      } catch (error) {
        this.#failures.add(counter.definition.name, error);
      }
    }
  };

  /** Hands over what is held, and asks for no more word of collections. */
  end(): void {
    this.release();
    this.#collection.removeCallback(this.release);
  }
}

class HeldCounter implements Instrument {
  readonly definition: InstrumentDefinition;
  readonly #counter: Counter;
  /** What is held of each series that is open since the last collection. */
  #sums = new Map<Tags, { held: number }>();
  #increments = 0;

  constructor(definition: InstrumentDefinition, counter: Counter) {
    this.definition = definition;
    this.#counter = counter;
  }

  record(increment: number, tags: Tags): void {
    const sum = this.#sums.get(tags);
    if (sum !== undefined) {
      sum.held += increment;
    } else {
      this.#counter.add(increment, tags);
      this.#sums.set(tags, { held: 0 });
    }
    this.#increments += 1;
    if (this.#increments >= mostHeld) this.release();
  }

  release(): void {
    const sums = this.#sums;
    this.#sums = new Map();
    this.#increments = 0;
    for (const [tags, { held }] of sums) if (held > 0) this.#counter.add(held, tags);
  }
}
