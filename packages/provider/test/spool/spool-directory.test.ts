import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { parseSpoolFileName, spoolFileName } from '../../src/spool/spool-file.ts';

const HOUR = 3_600_000;
const FIRST = Date.UTC(2025, 0, 1);
const NOW = Date.UTC(2026, 5, 1);

let folder: string;
let directory: SpoolDirectory;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-directory-'));
  directory = new SpoolDirectory({ directory: folder, maxBytes: 1000 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The age of a batch whose name and whose file have these times. */
async function ageOf(named: number, touched: number | undefined): Promise<number> {
  const file = parseSpoolFileName(spoolFileName(named, 'one', '0123456789abcdef', 'logs'));
  if (file === undefined) throw new Error('not a name of the spool');
  if (touched !== undefined) {
    writeFileSync(path.join(folder, file.name), 'x');
    utimesSync(path.join(folder, file.name), touched / 1000, touched / 1000);
  }
  return directory.ageMillis(file, NOW);
}

describe('SpoolDirectory.ageMillis', () => {
  it.each([
    ['its name', NOW - 5000, NOW - 9000, 5000],
    ['its name, of the first day', FIRST, NOW, NOW - FIRST],
    ['its name, of a clock that is a little ahead', NOW + HOUR, NOW - 9000, -HOUR],
    ['its file, where the name is of before the project', FIRST - 1, NOW - 9000, 9000],
    ['its file, where the name is far ahead', NOW + HOUR + 1, NOW - 9000, 9000],
    ['nothing, where neither can be true', 0, FIRST - 1000, 0],
    ['nothing, where the file is gone', 0, undefined, 0],
  ])('goes by %s', async (_what, named, touched, age) => {
    expect(await ageOf(named, touched)).toBe(age);
  });

  it('counts from now on where no time can be true', async () => {
    await ageOf(0, FIRST - 1000);
    const name = spoolFileName(0, 'one', '0123456789abcdef', 'logs');
    expect(statSync(path.join(folder, name)).mtimeMs).toBe(NOW);
  });
});

describe('SpoolDirectory.list', () => {
  it('has the wanted batches, oldest first, the other names that were asked for, and how many there are', async () => {
    const names = [30, 10, 20].map((time) => spoolFileName(FIRST + time, 'one', '0123456789abcdef', 'logs'));
    for (const name of [...names, 'sender', 'notes.txt']) writeFileSync(path.join(folder, name), 'x');
    const { files, others, total } = await directory.list(
      ({ writtenAtUnixMillis }) => writtenAtUnixMillis !== FIRST + 20,
      (name) => name === 'sender',
    );
    expect(files.map(({ writtenAtUnixMillis }) => writtenAtUnixMillis - FIRST)).toEqual([10, 30]);
    expect(others).toEqual(['sender']);
    expect(total).toBe(5);
  });

  it('is empty if there is no directory', async () => {
    const missing = new SpoolDirectory({ directory: path.join(folder, 'none'), maxBytes: 1 });
    expect(await missing.list(() => true)).toEqual({ files: [], others: [], total: 0 });
  });
});
