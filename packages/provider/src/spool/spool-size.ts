import { lstatSync } from 'node:fs';
import path from 'node:path';
import { isSpooled } from './spool-file.ts';
import { scanFor, scanInPieces } from './spool-scan.ts';

/** How long a sum is valid at least: other processes write into the directory too. */
const SHORTEST_AGE_MILLIS = 10_000;
/** A sum is valid for this many times the time that it took to compute. */
const COST_FACTOR = 50;
/** How long an exit may be held for a first sum, in milliseconds. */
const EXIT_MILLIS = 15;

/** The size of a spool in bytes, including unfinished batches. */
export class SpoolSize {
  readonly #directory: string;
  readonly #now: () => number;
  #bytes = 0;
  #validUntil = Number.NEGATIVE_INFINITY;
  #wasSummed = false;

  /** @param now - milliseconds of a monotonic clock */
  constructor(directory: string, now: () => number = () => performance.now()) {
    this.#directory = directory;
    this.#now = now;
  }

  async bytes(): Promise<number> {
    if (this.#now() > this.#validUntil) {
      const startedAt = this.#now();
      let sum = 0;
      await scanInPieces(this.#directory, ({ name }) => {
        sum += this.#sizeOf(name);
      });
      this.#summed(sum, startedAt);
    }
    return this.#bytes;
  }

  /**
   * For an exit: an old sum is used, since the process must not wait. Without any sum, only the files that can be seen
   * in {@link EXIT_MILLIS} count.
   */
  bytesSync(): number {
    if (!this.#wasSummed) {
      const startedAt = this.#now();
      let sum = 0;
      scanFor(this.#directory, EXIT_MILLIS, ({ name }) => {
        sum += this.#sizeOf(name);
      });
      this.#summed(sum, startedAt);
    }
    return this.#bytes;
  }

  /** Adds the size of a new file, or subtracts that of a removed one. */
  changed(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes + bytes);
  }

  /** The next call sums again, after a change of unknown size. */
  forget(): void {
    this.#validUntil = Number.NEGATIVE_INFINITY;
  }

  #summed(sum: number, startedAt: number): void {
    this.#bytes = sum;
    this.#wasSummed = true;
    const cost = this.#now() - startedAt;
    this.#validUntil = this.#now() + Math.max(SHORTEST_AGE_MILLIS, cost * COST_FACTOR);
  }

  #sizeOf(name: string): number {
    if (!isSpooled(name)) return 0;
    return lstatSync(path.join(this.#directory, name), { throwIfNoEntry: false })?.size ?? 0;
  }
}
