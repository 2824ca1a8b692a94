import type { Counter, Meter, Observable } from '@opentelemetry/api';
import type { FailureReport } from './failure-report.ts';
import type { Instrument, InstrumentDefinition } from './instrument.ts';
import type { Tags } from './metrics-sink.ts';

/** Maximum number of increments of one counter that are held back, in case a provider never collects. */
const mostHeld = 1000;

/**
 * Counters of a host's provider. The provider hashes the tags of each increment, which is expensive; here it does so at
 * most twice for each series and collection. The first increment goes to the counter at once and opens the series;
 * further ones are summed here, by the identity of their tags, and follow when the provider starts to collect.
 *
 * Why not an observable counter that reports totals: a view that drops attributes would overwrite values instead of
 * adding them, two clients on one provider would look like a counter that was reset, a new series would start at the
 * end of its first interval, `lowmemory` would make it cumulative, and no series would ever be dropped. With this class
 * the host's own counters work as usual. The one observable instrument has no values, so it is never exported; its
 * callback signals that a collection starts.
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

  /** An instrument that holds increments back for a counter of the host. */
  hold(definition: InstrumentDefinition, counter: Counter): Instrument {
    const held = new HeldCounter(definition, counter);
    this.#counters.push(held);
    return held;
  }

  /** Passes on what is held back; never throws. */
  readonly release = (): void => {
    for (const counter of this.#counters) {
      try {
        counter.release();
      } catch (error) {
        this.#failures.add(counter.definition.name, error);
      }
    }
  };

  /** Passes on what is held back, and stops listening for collections. */
  end(): void {
    this.release();
    this.#collection.removeCallback(this.release);
  }
}

class HeldCounter implements Instrument {
  readonly definition: InstrumentDefinition;
  readonly #counter: Counter;
  /** What is held back, for each series that was opened since the last collection. */
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
