import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOwnFile } from './own-files.ts';

const SEEN = 'last-seen';
/** A machine was off for so long, or its clock jumped; which of the two cannot be known at once. */
const GAP_MILLIS = 86_400_000;
/** By then a clock that jumped is set again. */
const PAUSE_MILLIS = 3_600_000;

/**
 * Whether the ages of batches can be believed. A clock that jumps ahead by days makes all of them old at once, so
 * after a gap in the time that the spool has seen nothing ages for an hour.
 */
export class SpoolAgeing {
  readonly #file: string;
  readonly #now: () => number;

  constructor(directory: string, now: () => number = Date.now) {
    this.#file = path.join(directory, SEEN);
    this.#now = now;
  }

  /** Notes that the spool is in use, and tells whether what looks too old is. */
  look(): boolean {
    const now = this.#now();
    const { seenAt, pausedUntil } = this.#read();
    let until = pausedUntil > now + PAUSE_MILLIS ? 0 : pausedUntil;
    if (seenAt > 0 && now - seenAt > GAP_MILLIS) until = now + PAUSE_MILLIS;
    this.#write(now, until);
    return now >= until;
  }

  #read(): { readonly seenAt: number; readonly pausedUntil: number } {
    try {
      const [seenAt = 0, pausedUntil = 0] = this.#isOurs()
        ? readFileSync(this.#file, 'utf8').split(' ').map(Number)
        : [];
      return Number.isFinite(seenAt) && Number.isFinite(pausedUntil)
        ? { seenAt, pausedUntil }
        : { seenAt: 0, pausedUntil: 0 };
    } catch {
      return { seenAt: 0, pausedUntil: 0 };
    }
  }

  #write(seenAt: number, pausedUntil: number): void {
    try {
      const isThere = lstatSync(this.#file, { throwIfNoEntry: false }) !== undefined;
      if (isThere && !this.#isOurs()) return;
      writeFileSync(this.#file, `${seenAt} ${pausedUntil}`, { mode: 0o600 });
    } catch {
      // Without it, ages are believed.
    }
  }

  #isOurs(): boolean {
    const stats = lstatSync(this.#file, { throwIfNoEntry: false });
    return stats !== undefined && isOwnFile(stats) && stats.size < 100;
  }
}
