import { lstatSync, lutimesSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOwnFile } from './own-files.ts';
import { hostName, isAlive } from './spool-file.ts';

const FREE = 'sender';
/** Its holder: machine, process, and holder within the process. */
const HELD = /^sender\.([\w-]+)\.(\d+)\.[\da-z]+$/;
/** A holder that has not touched the token for this long is gone, even if its process id is in use again. */
const SILENT_MILLIS = 120_000;
/** Listing this many names takes a few milliseconds. */
const MAX_LISTED_AT_ONCE = 5000;

/** A token in the directory. */
interface Token {
  readonly name: string;
  /** When its holder last showed that it is alive, in milliseconds. */
  readonly touchedAt: number;
}

/**
 * The right to send from a spool. The token is one file whose name says who holds it. Renaming is atomic, so of all
 * processes that try to take it one succeeds, even if the last holder was killed.
 */
export class SpoolToken {
  readonly #directory: string;
  readonly #own: string;
  readonly #now: () => number;

  constructor(directory: string, now: () => number = Date.now) {
    this.#directory = directory;
    // Two providers of one process are two holders.
    this.#own = `${FREE}.${hostName()}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    this.#now = now;
  }

  /** Whether a name in the directory is a token. */
  static isToken(name: string): boolean {
    return name === FREE || name.startsWith(`${FREE}.`);
  }

  /**
   * @param listed - the tokens that were in the directory a moment ago, and how many names in all
   * @returns whether this process may send.
   */
  take({ names, total }: { readonly names: readonly string[]; readonly total: number }): boolean {
    // Listed again, since two processes that saw no token would each make one.
    const known = total < MAX_LISTED_AT_ONCE ? this.#list() : names;
    if (known.includes(this.#own)) return this.keep();
    const tokens = known.flatMap((name) => this.#usable(name));
    const token = tokens.find(({ name }) => name === FREE) ?? tokens[0];
    if (token === undefined ? !this.#create() : this.#isHeld(token)) return false;
    return this.#rename(token?.name ?? FREE, this.#own) && this.keep();
  }

  /** Shows that the holder is alive; call it regularly while sending. */
  keep(): boolean {
    try {
      const now = this.#now() / 1000;
      // Of the token itself, not of the target of a link.
      lutimesSync(path.join(this.#directory, this.#own), now, now);
      return true;
    } catch {
      // Another process took it because this one seemed to be gone.
      return false;
    }
  }

  giveBack(): void {
    this.#rename(this.#own, FREE);
  }

  #list(): readonly string[] {
    try {
      return readdirSync(this.#directory).filter(SpoolToken.isToken);
    } catch {
      return [];
    }
  }

  #create(): boolean {
    try {
      writeFileSync(path.join(this.#directory, FREE), '', { mode: 0o600, flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  }

  /** Removes an entry with a token's name that is not a token: a link, a directory, another user's file. */
  #usable(name: string): readonly Token[] {
    const file = path.join(this.#directory, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    if (isOwnFile(stats)) return [{ name, touchedAt: stats.mtimeMs }];
    try {
      if (stats.isDirectory()) renameSync(file, `${file}.none`.replace(FREE, 'no-sender'));
      else rmSync(file, { force: true });
    } catch {
      // Then it stays beside the token.
    }
    return [];
  }

  #isHeld({ name, touchedAt }: Token): boolean {
    const holder = HELD.exec(name);
    // A time in the future comes from a wrong clock and counts as silent too.
    if (holder === null || Math.abs(this.#now() - touchedAt) > SILENT_MILLIS) return false;
    const [, host, pid] = holder;
    return host !== hostName() || isAlive(Number(pid));
  }

  #rename(from: string, to: string): boolean {
    try {
      renameSync(path.join(this.#directory, from), path.join(this.#directory, to));
      return true;
    } catch {
      return false;
    }
  }
}
