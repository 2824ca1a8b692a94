import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, rename, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasOwnDirectory, ifMissing, readOwnFile, requireOwnDirectory } from './own-files.ts';
import type { SpoolFile } from './spool-file.ts';
import { parseSpoolFileName, unfinishedName } from './spool-file.ts';
import { scanInPieces } from './spool-scan.ts';
import { SpoolSize } from './spool-size.ts';

export const SET_ASIDE = 'set-aside';
/** How many names of batches are held in memory at once. */
const MAX_LISTED = 2000;
/** Older than this project. An earlier time comes from a clock that was not set. */
const EARLIEST_UNIX_MILLIS = Date.UTC(2025, 0, 1);
/** The clocks of two machines differ by less, if they are set. */
const CLOCK_TOLERANCE_MILLIS = 3_600_000;

/** The result of listing a spool. */
export interface SpoolListing {
  /** The wanted batches, oldest first; only the oldest if there are very many. */
  readonly files: readonly SpoolFile[];
  /** The other requested names. */
  readonly others: readonly string[];
  /** How many names the directory has. */
  readonly total: number;
}

/**
 * The files of a spool. A batch appears whole or not at all, even if the writing process is killed, and only its owner
 * can read it. Only files of this user are touched. Methods throw what the file system throws, and an error if the
 * directory does not belong to this user.
 */
export class SpoolDirectory {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #size: SpoolSize;
  /** Names of files that could not be set aside; they are ignored from then on. */
  readonly #ignored = new Set<string>();

  constructor({ directory, maxBytes }: { readonly directory: string; readonly maxBytes: number }) {
    this.path = directory;
    this.#maxBytes = maxBytes;
    this.#size = new SpoolSize(directory);
  }

  /** @returns whether there was room for it. */
  async write(name: string, bytes: Uint8Array): Promise<boolean> {
    requireOwnDirectory(this.path);
    if ((await this.#size.bytes()) + bytes.length > this.#maxBytes) return false;
    const unfinished = this.pathOf(unfinishedName(name));
    try {
      await writeFile(unfinished, bytes, { mode: 0o600, flag: 'wx' });
      await rename(unfinished, this.pathOf(name));
    } catch (error) {
      // On a full disk the partial file would take the remaining room.
      await unlink(unfinished).catch(() => {});
      throw error;
    }
    this.#size.changed(bytes.length);
    return true;
  }

  /** {@link SpoolDirectory.write} without waiting, for an exit. */
  writeSync(name: string, bytes: Uint8Array): boolean {
    requireOwnDirectory(this.path);
    if (this.#size.bytesSync() + bytes.length > this.#maxBytes) return false;
    const unfinished = this.pathOf(unfinishedName(name));
    try {
      writeFileSync(unfinished, bytes, { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, this.pathOf(name));
    } catch (error) {
      removeSync(unfinished);
      throw error;
    }
    this.#size.changed(bytes.length);
    return true;
  }

  /** Lists the directory once, with bounded memory. A missing directory counts as empty. */
  async list(
    isWanted: (file: SpoolFile) => boolean,
    isOther: (name: string) => boolean = () => false,
  ): Promise<SpoolListing> {
    if (!(await hasOwnDirectory(this.path))) return { files: [], others: [], total: 0 };
    let files: SpoolFile[] = [];
    const others: string[] = [];
    let total = 0;
    const keepOldest = () => {
      files.sort((a, b) => (a.name < b.name ? -1 : 1));
      files = files.slice(0, MAX_LISTED);
    };
    await scanInPieces(this.path, ({ name }) => {
      total += 1;
      const file = parseSpoolFileName(name);
      if (file !== undefined && !this.#ignored.has(name) && isWanted(file)) files.push(file);
      else if (isOther(name)) others.push(name);
      if (files.length >= 2 * MAX_LISTED) keepOldest();
    });
    keepOldest();
    return { files, others, total };
  }

  /** Rejects if it is not a regular file of this user, or is larger than the limit of the spool. */
  async read({ name }: SpoolFile): Promise<Buffer> {
    return readOwnFile(this.pathOf(name), this.#maxBytes);
  }

  /**
   * The age of a batch in milliseconds. If the time in its name is impossible (before this project, or in the future),
   * the file's time counts; if that is impossible too, the file's time is set to now.
   */
  async ageMillis({ name, writtenAtUnixMillis }: SpoolFile, now: number): Promise<number> {
    const isPlausible = (time: number): boolean => time >= EARLIEST_UNIX_MILLIS && time <= now + CLOCK_TOLERANCE_MILLIS;
    if (isPlausible(writtenAtUnixMillis)) return now - writtenAtUnixMillis;
    const stats = await lstat(this.pathOf(name)).catch(ifMissing(undefined));
    if (stats === undefined) return 0;
    if (isPlausible(stats.mtimeMs)) return now - stats.mtimeMs;
    if (stats.isFile()) await utimes(this.pathOf(name), now / 1000, now / 1000).catch(() => {});
    return 0;
  }

  async remove({ name }: Pick<SpoolFile, 'name'>): Promise<void> {
    const { size } = await lstat(this.pathOf(name)).catch(ifMissing({ size: 0 }));
    await unlink(this.pathOf(name)).catch(ifMissing(undefined));
    this.#size.changed(-size);
  }

  /**
   * Moves a file that is not a valid batch to a folder for inspection. A file that cannot be moved is ignored from then
   * on.
   */
  async setAside({ name }: Pick<SpoolFile, 'name'>): Promise<void> {
    this.#size.forget();
    const unique = Math.random().toString(36).slice(2, 10);
    const places = [
      [SET_ASIDE, name],
      [SET_ASIDE, `${name}.${unique}`],
      [`${SET_ASIDE}.${unique}`, name],
    ] as const;
    for (const [folder, file] of places) {
      if (await this.#move(name, folder, file)) return;
    }
    this.#ignored.add(name);
  }

  pathOf(name: string): string {
    return path.join(this.path, name);
  }

  async #move(name: string, folder: string, file: string): Promise<boolean> {
    try {
      await mkdir(this.pathOf(folder), { recursive: true, mode: 0o700 });
      if (!(await lstat(this.pathOf(folder))).isDirectory()) return false;
      const target = path.join(this.path, folder, file);
      // Renaming would replace a file that was set aside before.
      if ((await lstat(target).catch(ifMissing(undefined))) !== undefined) return false;
      await rename(this.pathOf(name), target).catch(ifMissing(undefined));
      return true;
    } catch {
      return false;
    }
  }

  /** Removes a file that is not needed any more; failures are ignored. */
  async discard(name: string): Promise<void> {
    await rm(this.pathOf(name)).catch(() => {});
    this.#size.forget();
  }
}

function removeSync(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It does not exist.
  }
}
