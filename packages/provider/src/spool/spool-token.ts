import { readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

const FREE = 'sender';
/** A holder that has not been heard of for so long is gone, even if its process id is in use again. */
const SILENT_MILLIS = 120_000;

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
    this.#own = `${holderName(process.pid)}.${Math.random().toString(36).slice(2)}`;
    this.#now = now;
  }

  /** @returns whether this process may send. */
  take(): boolean {
    const tokens = readdirSync(this.#directory).filter((name) => name === FREE || name.startsWith(`${FREE}.`));
    if (tokens.includes(this.#own)) return true;
    const [token] = tokens;
    if (token === undefined && !this.#create()) return false;
    if (token !== undefined && token !== FREE && this.#isHeld(token)) return false;
    return this.#rename(token ?? FREE, this.#own) && this.keep();
  }

  /** Says that the holder is alive; to be called now and then while sending. */
  keep(): boolean {
    try {
      const now = this.#now() / 1000;
      utimesSync(path.join(this.#directory, this.#own), now, now);
      return true;
    } catch {
      // Somebody took it, believing us gone.
      return false;
    }
  }

  giveBack(): void {
    this.#rename(this.#own, FREE);
  }

  #create(): boolean {
    try {
      writeFileSync(path.join(this.#directory, FREE), '', { mode: 0o600, flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  }

  #isHeld(token: string): boolean {
    const { mtimeMs } = statSync(path.join(this.#directory, token), { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    if (this.#now() - mtimeMs > SILENT_MILLIS) return false;
    const pid = Number(token.split('.').at(-2));
    // A process id says something only on its own machine.
    return !token.startsWith(`${holderName(pid)}.`) || isAlive(pid);
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

function holderName(pid: number): string {
  return `${FREE}.${hostname().replaceAll(/[^\w-]/g, '_')}.${pid}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may belong to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
