import type { Instrument } from './instrument.ts';

/**
 * The instruments of calls that say nothing but a name. A name is looked up at every call, which is most of what
 * a call without tags costs, and it is mostly that of the call before.
 */
export class NamedInstruments {
  readonly #open: (name: string) => Instrument;
  readonly #known = new Map<string, Instrument>();
  #last: Instrument | undefined;
  #lastName: string | undefined;

  constructor(open: (name: string) => Instrument) {
    this.#open = open;
  }

  /** The instrument of this name, opened if it is the first call for it; throws what opening throws. */
  get(name: string): Instrument {
    return this.#last !== undefined && this.#lastName === name ? this.#last : this.#found(name);
  }

  #found(name: string): Instrument {
    const known = this.#known.get(name);
    const instrument = known ?? this.#open(name);
    if (known === undefined) this.#known.set(name, instrument);
    this.#last = instrument;
    this.#lastName = name;
    return instrument;
  }
}
