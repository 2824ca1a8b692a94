import type { Dirent } from 'node:fs';
import { opendirSync } from 'node:fs';
import { opendir } from 'node:fs/promises';

/** Names that are read before others get their turn. */
const NAMES_AT_ONCE = 256;
/** So long the event loop is held in one piece, in milliseconds. */
const PIECE_MILLIS = 5;

/** Calls back for each name in a directory, in pieces, so that a hundred thousand of them hold up nobody. */
export async function scanInPieces(path: string, each: (entry: Dirent) => void): Promise<void> {
  let pieceEnds = performance.now() + PIECE_MILLIS;
  for await (const entry of await opendir(path, { bufferSize: NAMES_AT_ONCE })) {
    each(entry);
    if (performance.now() < pieceEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    pieceEnds = performance.now() + PIECE_MILLIS;
  }
}

/** The same for when nothing can be awaited: it stops when the time is over. */
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
