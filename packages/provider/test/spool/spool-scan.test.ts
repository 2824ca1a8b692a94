import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanFor, scanInPieces } from '../../src/spool/spool-scan.ts';

const names = Array.from({ length: 300 }, (_, index) => `file-${String(index).padStart(3, '0')}`);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-scan-'));
  for (const name of names) writeFileSync(path.join(folder, name), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Blocks the event loop for some milliseconds. */
function hold(millis: number): void {
  const until = performance.now() + millis;
  while (performance.now() < until);
}

describe('scanInPieces', () => {
  it('reads every name, and lets other work run in between', async () => {
    let turns = 0;
    let immediate = setImmediate(function count() {
      turns += 1;
      immediate = setImmediate(count);
    });
    const seen: string[] = [];
    let turnsAtFirst = 0;
    await scanInPieces(folder, ({ name }) => {
      if (seen.length === 0) turnsAtFirst = turns;
      seen.push(name);
      if (seen.length <= 20) hold(6);
    });
    clearImmediate(immediate);
    expect(seen.sort()).toEqual(names);
    expect(turns - turnsAtFirst).toBeGreaterThanOrEqual(19);
  });

  it('rejects if the directory is missing', async () => {
    await expect(scanInPieces(path.join(folder, 'none'), () => {})).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('scanFor', () => {
  it('reads every name if there is time', () => {
    const seen: string[] = [];
    scanFor(folder, 60_000, ({ name }) => seen.push(name));
    expect(seen.sort()).toEqual(names);
  });

  it('stops when the time is over, after at least one name', () => {
    const seen: string[] = [];
    scanFor(folder, 1, ({ name }) => {
      hold(2);
      seen.push(name);
    });
    expect(seen).toHaveLength(1);
  });
});
