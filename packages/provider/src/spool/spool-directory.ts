import type { Stats } from 'node:fs';
import { constants, lstatSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SpoolFile } from './spool-file.ts';
import { parseSpoolFileName, UNFINISHED } from './spool-file.ts';

const SET_ASIDE = 'set-aside';
/** A batch that has been half written for so long never will be whole. */
const UNFINISHED_MILLIS = 3_600_000;
/** Others write into the directory too, so our sum of its bytes ages. */
const SUM_AGE_MILLIS = 10_000;

/** Options for {@link SpoolDirectory}. */
export interface SpoolDirectoryOptions {
  readonly directory: string;
  readonly maxBytes: number;
  /** @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

/**
 * The files of a spool. A batch appears in it whole or not at all, readable by its owner alone, whenever the
 * writing process is killed. Methods throw what the file system throws.
 */
export class SpoolDirectory {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #now: () => number;
  #bytes = 0;
  #summedAt = Number.NEGATIVE_INFINITY;
  #isOpen = false;

  constructor({ directory, maxBytes, now = Date.now }: SpoolDirectoryOptions) {
    this.path = directory;
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** @returns whether there was room for it. */
  async write(name: string, bytes: Uint8Array): Promise<boolean> {
    this.#open();
    if (this.#sumIsOld()) await this.#sum();
    if (this.#bytes + bytes.length > this.#maxBytes) return false;
    const file = this.#pathOf(name);
    await writeFile(file + UNFINISHED, bytes, { mode: 0o600, flag: 'wx' });
    await rename(file + UNFINISHED, file);
    this.#bytes += bytes.length;
    return true;
  }

  /** The same for when nothing can be awaited. */
  writeSync(name: string, bytes: Uint8Array): boolean {
    this.#open();
    if (this.#sumIsOld()) this.#sumSync();
    if (this.#bytes + bytes.length > this.#maxBytes) return false;
    const file = this.#pathOf(name);
    writeFileSync(file + UNFINISHED, bytes, { mode: 0o600, flag: 'wx' });
    renameSync(file + UNFINISHED, file);
    this.#bytes += bytes.length;
    return true;
  }

  /** Whole batches, oldest first. */
  async list(): Promise<readonly SpoolFile[]> {
    const names = await readdir(this.path).catch(ifMissing([]));
    return names
      .sort()
      .map((name) => parseSpoolFileName(name))
      .filter((file) => file !== undefined);
  }

  /** Rejects when the file is larger than the whole spool may be, or no file. */
  async read({ name }: SpoolFile): Promise<Buffer> {
    // No link is followed out of the directory.
    const file = await open(this.#pathOf(name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size } = await file.stat();
      if (size > this.#maxBytes) throw new Error('larger than the spool');
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  async remove({ name }: SpoolFile): Promise<void> {
    const { size } = await stat(this.#pathOf(name)).catch(ifMissing({ size: 0 }));
    await unlink(this.#pathOf(name)).catch(ifMissing(undefined));
    this.#bytes = Math.max(0, this.#bytes - size);
  }

  /** Moves a file that is no batch out of the way, for somebody to look at. */
  async setAside({ name }: SpoolFile): Promise<void> {
    await mkdir(this.#pathOf(SET_ASIDE), { recursive: true, mode: 0o700 });
    await rename(this.#pathOf(name), path.join(this.path, SET_ASIDE, name)).catch(ifMissing(undefined));
    this.#summedAt = Number.NEGATIVE_INFINITY;
  }

  /** Removes what crashes left half written. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.path).catch(ifMissing([]))) {
      if (!name.endsWith(UNFINISHED)) continue;
      const { mtimeMs } = await stat(this.#pathOf(name)).catch(ifMissing({ mtimeMs: this.#now() }));
      if (this.#now() - mtimeMs > UNFINISHED_MILLIS) await unlink(this.#pathOf(name)).catch(ifMissing(undefined));
    }
  }

  /** @throws Error when others could put files into the directory. */
  #open(): void {
    if (this.#isOpen) return;
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const uid = process.getuid?.();
    const stats = lstatSync(this.path);
    if (!stats.isDirectory()) throw new Error('the spool is no directory');
    if (uid !== undefined && !isPrivate(stats, uid)) {
      throw new Error('the spool directory belongs to or can be written by others');
    }
    this.#isOpen = true;
  }

  #sumIsOld(): boolean {
    return this.#now() - this.#summedAt > SUM_AGE_MILLIS;
  }

  async #sum(): Promise<void> {
    const files = await this.list();
    const sizes = await Promise.all(
      files.map(async ({ name }) => (await stat(this.#pathOf(name)).catch(ifMissing({ size: 0 }))).size),
    );
    this.#setSum(sizes);
  }

  #sumSync(): void {
    const names = readdirSync(this.path).filter((name) => parseSpoolFileName(name) !== undefined);
    this.#setSum(names.map((name) => statSync(this.#pathOf(name), { throwIfNoEntry: false })?.size ?? 0));
  }

  #setSum(sizes: readonly number[]): void {
    this.#bytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#summedAt = this.#now();
  }

  #pathOf(name: string): string {
    return path.join(this.path, name);
  }
}

function isPrivate({ uid, mode }: Stats, own: number): boolean {
  return uid === own && (mode & 0o022) === 0;
}

/** Another agent that shares the directory may have taken the file away. */
function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
