import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { SpoolDirectory } from './spool-directory.ts';
import { SET_ASIDE } from './spool-directory.ts';
import type { SpoolFile } from './spool-file.ts';
import { isAlive, isUnfinished, writerOf } from './spool-file.ts';
import { scanInPieces } from './spool-scan.ts';

/** An unfinished batch that is older will never be finished. */
const UNFINISHED_MILLIS = 3_600_000;

/** Options of {@link sweep}. */
export interface SweepOptions {
  readonly directory: SpoolDirectory;
  readonly maxAgeMillis: number;
  /** Called for a batch of another collector that is too old. */
  readonly onTooOld: (file: SpoolFile) => Promise<void>;
  readonly isOwn: (file: SpoolFile) => boolean;
}

/**
 * Removes files that no process will send: unfinished batches, old batches of other collectors, and files that were set
 * aside long ago.
 */
export async function sweep({ directory, maxAgeMillis, onTooOld, isOwn }: SweepOptions): Promise<void> {
  const now = Date.now();
  const { files, others } = await directory.list((file) => !isOwn(file), isSweepable);
  for (const file of files) {
    // All are checked: a file's position says nothing if a clock was wrong.
    if ((await directory.ageMillis(file, now)) > maxAgeMillis) await onTooOld(file);
  }
  for (const name of others) {
    if (isUnfinished(name)) await sweepUnfinished(directory, name, now);
    else await sweepSetAside(directory, name, now - maxAgeMillis);
  }
}

function isSweepable(name: string): boolean {
  return isUnfinished(name) || name === SET_ASIDE || name.startsWith(`${SET_ASIDE}.`);
}

async function sweepUnfinished(directory: SpoolDirectory, name: string, now: number): Promise<void> {
  const writer = writerOf(name);
  const stats = await lstat(directory.pathOf(name)).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return;
  const isLeft = writer === undefined ? Math.abs(now - stats.mtimeMs) > UNFINISHED_MILLIS : !isAlive(writer);
  if (isLeft) await directory.discard(name);
}

async function sweepSetAside(directory: SpoolDirectory, folder: string, before: number): Promise<void> {
  const stats = await lstat(directory.pathOf(folder)).catch(() => undefined);
  if (stats?.isDirectory() !== true) return;
  const names: string[] = [];
  await scanInPieces(directory.pathOf(folder), ({ name }) => names.push(name));
  for (const name of names) {
    const file = path.join(folder, name);
    const own = await lstat(directory.pathOf(file)).catch(() => undefined);
    if (own !== undefined && !own.isDirectory() && own.mtimeMs < before) await directory.discard(file);
  }
}
