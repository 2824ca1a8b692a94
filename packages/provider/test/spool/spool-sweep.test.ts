import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { hostName, spoolFileName } from '../../src/spool/spool-file.ts';
import { sweep } from '../../src/spool/spool-sweep.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OURS = '0123456789abcdef';
const THEIRS = 'fedcba9876543210';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file that is this old. */
function leave(name: string, ageMillis: number): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), 'x');
  touch(name, ageMillis);
}

function touch(name: string, ageMillis: number): void {
  const time = (Date.now() - ageMillis) / 1000;
  utimesSync(at(name), time, time);
}

/** Sweeps what is older than a day. @returns the names of the batches that are too old */
async function sweepHere(): Promise<readonly string[]> {
  const tooOld: string[] = [];
  await sweep({
    directory: new SpoolDirectory({ directory: folder, maxBytes: 1e9 }),
    maxAgeMillis: DAY,
    isOwn: ({ destination }) => destination === OURS,
    onTooOld: async ({ name }) => {
      tooOld.push(name);
    },
  });
  return tooOld;
}

describe('sweep', () => {
  it('reports the old batches of other collectors, even if the time in a name is wrong', async () => {
    const named = (id: string, to: string, ageMillis: number) => {
      const name = spoolFileName(Date.now() - ageMillis, id, to, 'logs');
      leave(name, 0);
      return name;
    };
    named('own', OURS, 2 * DAY);
    named('young', THEIRS, DAY - MINUTE);
    const old = named('old', THEIRS, DAY + MINUTE);
    // Its name comes from a clock that was wrong, and its file is old.
    const odd = spoolFileName(Date.now() + 30 * DAY, 'odd', THEIRS, 'logs');
    leave(odd, 2 * DAY);
    expect(await sweepHere()).toEqual([old, odd]);
  });

  it.each([
    ['of a running process', `a.batch.${hostName()}.${process.pid}.tmp`, 2 * DAY, true],
    ['of a process that has ended', `a.batch.${hostName()}.4194305.tmp`, 0, false],
    ['of another machine, young', 'a.batch.elsewhere.1.tmp', HOUR - MINUTE, true],
    ['of another machine, old', 'a.batch.elsewhere.1.tmp', HOUR + MINUTE, false],
    ['of another machine whose clock is a little ahead', 'a.batch.elsewhere.1.tmp', MINUTE - HOUR, true],
    ['of another machine whose clock is far ahead', 'a.batch.elsewhere.1.tmp', -HOUR - MINUTE, false],
    ['without a writer, old', 'a.tmp', HOUR + MINUTE, false],
  ])('keeps an unfinished batch %s: %s, %s ms, %s', async (_what, name, ageMillis, stays) => {
    leave(name, ageMillis);
    await sweepHere();
    expect(existsSync(at(name))).toBe(stays);
  });

  it('removes nothing that has just reached its age', async () => {
    const now = Date.UTC(2026, 5, 1);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    try {
      const [, old] = [DAY, DAY + 1].map((ageMillis) => {
        const name = spoolFileName(now - ageMillis, 'a', THEIRS, 'logs');
        leave(name, 0);
        return name;
      });
      leave('set-aside/old', DAY + 1000);
      leave('set-aside/young', DAY);
      leave('old.tmp', HOUR + 1000);
      leave('young.tmp', HOUR);
      expect(await sweepHere()).toEqual([old]);
      expect(['set-aside/old', 'set-aside/young', 'old.tmp', 'young.tmp'].map((name) => existsSync(at(name)))).toEqual([
        false,
        true,
        false,
        true,
      ]);
    } finally {
      clock.mockRestore();
    }
  });

  it('leaves directories', async () => {
    for (const name of ['a.tmp', 'set-aside/inner']) {
      mkdirSync(at(name), { recursive: true });
      touch(name, 2 * DAY);
    }
    await sweepHere();
    expect([existsSync(at('a.tmp')), existsSync(at('set-aside/inner'))]).toEqual([true, true]);
  });

  it.each([
    ['set-aside/old', DAY + MINUTE, false],
    ['set-aside/young', DAY - MINUTE, true],
    ['set-aside.x1/old', DAY + MINUTE, false],
    ['set-asides/old', DAY + MINUTE, true],
    ['not-set-aside/old', DAY + MINUTE, true],
  ])('keeps what was set aside as %s %s ms ago: %s', async (name, ageMillis, stays) => {
    leave(name, ageMillis);
    await sweepHere();
    expect(existsSync(at(name))).toBe(stays);
  });

  it('leaves a file that has the name of the set-aside folder', async () => {
    leave('set-aside', 2 * DAY);
    expect(await sweepHere()).toEqual([]);
    expect(existsSync(at('set-aside'))).toBe(true);
  });
});
