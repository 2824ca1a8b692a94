import type { Dirent } from 'node:fs';
import { opendirSync } from 'node:fs';
import { opendir } from 'node:fs/promises';

/** How many names are read at once. */
const NAMES_AT_ONCE = 256;
/** How long the event loop is held at a time, in milliseconds. */
const PIECE_MILLIS = 5;

/** Calls back for each name in a directory, in pieces, so that even 100,000 names do not block the event loop. */
export async function scanInPieces(path: string, each: (entry: Dirent) => void): Promise<void> {
  let pieceEnds = performance.now() + PIECE_MILLIS;
  for await (const entry of await opendir(path, { bufferSize: NAMES_AT_ONCE })) {
    each(entry);
    if (performance.now() < pieceEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    pieceEnds = performance.now() + PIECE_MILLIS;
  }
}

/** The same without waiting, for an exit; stops when the time is over. */
export function scanFor(path: string, millis: number, each: (entry: Dirent) => void): void {
  const endsAt = performance.now() + millis;
  const directory = opendirSync(path, { bufferSize: NAMES_AT_ONCE });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      each(entry);
      if (performance.now() > endsAt) return;
    }
  } finally {
    directory.closeSync();
  }
}
