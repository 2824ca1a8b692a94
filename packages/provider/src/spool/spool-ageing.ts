import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOwnFile } from './own-files.ts';

const SEEN = 'last-seen';
/** After such a gap the machine was off or its clock jumped; which one is not known at first. */
const GAP_MILLIS = 86_400_000;
const NEVER_SEEN = { seenAt: 0, pausedUntil: 0 };
/** By then a clock that jumped is corrected. */
const PAUSE_MILLIS = 3_600_000;

/**
 * Whether the ages of batches can be trusted. A clock that jumps ahead by days makes all batches old at once, so for
 * one hour after a gap in the spool's use no batch counts as too old.
 */
export class SpoolAgeing {
  readonly #file: string;
  readonly #now: () => number;

  constructor(directory: string, now: () => number = Date.now) {
    this.#file = path.join(directory, SEEN);
    this.#now = now;
  }

  /** Records that the spool is in use, and gives whether ages can be trusted. */
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
      if (!this.#isOurs()) return NEVER_SEEN;
      const [seenAt = 0, pausedUntil = 0] = readFileSync(this.#file, 'utf8').split(' ').map(Number);
      return Number.isFinite(seenAt) && Number.isFinite(pausedUntil) ? { seenAt, pausedUntil } : NEVER_SEEN;
    } catch {
      return NEVER_SEEN;
    }
  }

  #write(seenAt: number, pausedUntil: number): void {
    try {
      const isThere = lstatSync(this.#file, { throwIfNoEntry: false }) !== undefined;
      if (isThere && !this.#isOurs()) return;
      writeFileSync(this.#file, `${seenAt} ${pausedUntil}`, { mode: 0o600 });
    } catch {
      // Without the file, ages are trusted.
    }
  }

  #isOurs(): boolean {
    const stats = lstatSync(this.#file, { throwIfNoEntry: false });
    return stats !== undefined && isOwnFile(stats) && stats.size < 100;
  }
}
