import { lstatSync, lutimesSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOwnFile } from './own-files.ts';
import { hostName, isAlive } from './spool-file.ts';

const FREE = 'sender';
/** Who holds it: machine, process, and which holder of that process. */
const HELD = /^sender\.([\w-]+)\.(\d+)\.[\da-z]+$/;
/** A holder that has not been heard of for so long is gone, even if its process id is in use again. */
const SILENT_MILLIS = 120_000;
/** A directory of so many names is listed in a few milliseconds. */
const MAX_LISTED_AT_ONCE = 5000;

/**
 * Who may send from a spool: the process that holds its token. The token is one file, and holding it is a name
 * that the file has; renaming is atomic, so that of all who reach for it one gets it, also when the last holder
 * was killed.
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

  /** Tells a token among the names in the directory. */
  static isToken(name: string): boolean {
    return name === FREE || name.startsWith(`${FREE}.`);
  }

  /**
   * @param listed - the tokens that were in the directory a moment ago, and how many names in all
   * @returns whether this process may send.
   */
  take({ names, total }: { readonly names: readonly string[]; readonly total: number }): boolean {
    // Two that saw no token a moment ago would make two.
    const known = names.length === 0 && total < MAX_LISTED_AT_ONCE ? this.#list() : names;
    if (known.includes(this.#own)) return this.keep();
    const tokens = known.filter((name) => this.#isUsable(name));
    const token = tokens.find((name) => name === FREE) ?? tokens[0];
    if (token === undefined && !this.#create()) return false;
    if (token !== undefined && token !== FREE && this.#isHeld(token)) return false;
    return this.#rename(token ?? FREE, this.#own) && this.keep();
  }

  /** Says that the holder is alive; to be called now and then while sending. */
  keep(): boolean {
    try {
      const now = this.#now() / 1000;
      // Of the token itself, never of what a link in its place points to.
      lutimesSync(path.join(this.#directory, this.#own), now, now);
      return true;
    } catch {
      // Somebody took it, believing us gone.
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

  /** Takes away what has a token's name and is none: a link, a directory, somebody else's file. */
  #isUsable(name: string): boolean {
    const file = path.join(this.#directory, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    if (isOwnFile(stats)) return true;
    try {
      if (stats.isDirectory()) renameSync(file, `${file}.none`.replace(FREE, 'no-sender'));
      else rmSync(file, { force: true });
    } catch {
      // Then the token has another name beside it.
    }
    return false;
  }

  #isHeld(token: string): boolean {
    const [, host, pid] = HELD.exec(token) ?? [];
    // A name that tells no holder has none.
    if (host === undefined) return false;
    const { mtimeMs } = lstatSync(path.join(this.#directory, token), { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    // Ahead of us it was touched by a clock that was wrong, which says as little.
    if (Math.abs(this.#now() - mtimeMs) > SILENT_MILLIS) return false;
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
