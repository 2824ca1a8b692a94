import { lstatSync } from 'node:fs';
import path from 'node:path';
import { isSpooled } from './spool-file.ts';
import { scanFor, scanInPieces } from './spool-scan.ts';

/** Others write into the directory too, so our sum of its bytes ages. */
const SHORTEST_AGE_MILLIS = 10_000;
/** At most this part of the time goes into summing up. */
const COST_FACTOR = 50;
/** How long an exit may be held for a sum that was never made, in milliseconds. */
const EXIT_MILLIS = 15;

/** How many bytes are in a spool: whole batches, and those that are being written or never will be whole. */
export class SpoolSize {
  readonly #directory: string;
  readonly #now: () => number;
  #bytes = 0;
  #validUntil = Number.NEGATIVE_INFINITY;
  #wasSummed = false;

  /** @param now - milliseconds that never go back */
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
   * At an exit a sum that is old is better than a process that does not end; of a directory that was never summed up,
   * what can be seen in a moment counts.
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

  /** A file came, or with a negative number went. */
  changed(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes + bytes);
  }

  /** Something happened whose size is not known. */
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
