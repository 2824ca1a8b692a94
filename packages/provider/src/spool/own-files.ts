import type { Stats } from 'node:fs';
import { constants, lstatSync, mkdirSync } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import type { PlatformDifferences } from '@codex-otel/config';
import { differencesOf, thisPlatform } from '@codex-otel/config';

/** Does not wait for the other end of a pipe, nor follow links. Windows has neither flag: there they count as 0. */
const OPEN_TO_READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Creates the directory if it is missing.
 *
 * @throws Error if it belongs to another user, others may write to it, or it is not a directory.
 */
export function requireOwnDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const trouble = directoryTrouble(lstatSync(path));
  if (trouble !== undefined) throw new Error(trouble);
}

/**
 * Checks whether the directory exists, before anything in it is read or listed.
 *
 * @throws Error if it belongs to another user, others may write to it, or it is not a directory.
 */
export async function hasOwnDirectory(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(ifMissing(undefined));
  const trouble = stats && directoryTrouble(stats);
  if (trouble !== undefined) throw new Error(trouble);
  return stats !== undefined;
}

/** Whether a file belongs to this user and no other user can write it; not a link, a pipe or a device. */
export function isOwnFile(
  stats: Pick<Stats, 'uid' | 'mode' | 'isFile'>,
  differences?: Pick<PlatformDifferences, 'hasFileModes'>,
): boolean {
  return stats.isFile() && isPrivate(stats, differences);
}

/**
 * Reads a file of this user.
 *
 * @throws Error when it is anything else, or larger than the limit; it is then not opened, or not read.
 */
export async function readOwnFile(path: string, maxBytes: number): Promise<Buffer> {
  // Checked before opening, since opening a pipe or a device has side effects, and again after it, since the file may
  // have been replaced in between.
  if (!(await lstat(path)).isFile()) throw new Error('it is not a regular file');
  const file = await open(path, OPEN_TO_READ);
  try {
    const stats = await file.stat();
    if (!isOwnFile(stats)) throw new Error('it belongs to another user or is writable by others');
    if (stats.size > maxBytes) throw new Error('it is larger than the spool');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Another agent that shares the directory may have removed the file. */
export function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}

function directoryTrouble(stats: Stats): string | undefined {
  if (!stats.isDirectory()) return 'the spool is not a directory';
  return isPrivate(stats) ? undefined : 'the spool directory belongs to another user or is writable by others';
}

function isPrivate(
  { uid, mode }: Pick<Stats, 'uid' | 'mode'>,
  differences: Pick<PlatformDifferences, 'hasFileModes'> = differencesOf(thisPlatform()),
): boolean {
  if (!differences.hasFileModes) return true;
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}
