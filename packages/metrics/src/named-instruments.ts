import type { Instrument } from './instrument.ts';

/**
 * Instruments by name. The look-up is most of the cost of a call without tags, and most calls have the name of
 * the call before, which is remembered.
 */
export class NamedInstruments {
  readonly #open: (name: string) => Instrument;
  readonly #known = new Map<string, Instrument>();
  #last: Instrument | undefined;
  #lastName: string | undefined;

  constructor(open: (name: string) => Instrument) {
    this.#open = open;
  }

  /** The instrument of this name, opened at the first call. Throws what opening throws. */
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
