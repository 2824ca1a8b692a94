import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpoolAgeing } from '../../src/spool/spool-ageing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An arbitrary time. */
const START = 1_800_000_000_000;

let directory: string;
let now: number;
let ageing: SpoolAgeing;
const file = () => path.join(directory, 'last-seen');
const noted = () => readFileSync(file(), 'utf8');
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'ageing-'));
  now = START;
  ageing = new SpoolAgeing(directory, () => now);
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('SpoolAgeing', () => {
  it('trusts ages in a new spool, and records that it was seen', () => {
    expect(ageing.look()).toBe(true);
    expect(noted()).toBe(`${START} 0`);
  });

  it.each([
    ['of a day', DAY, true],
    ['of more than a day', DAY + 1, false],
  ])('after a gap %s: %s ms, %s', (_what, gap, believed) => {
    ageing.look();
    now += gap;
    expect(ageing.look()).toBe(believed);
  });

  it('trusts them again an hour after the gap, for another process too', () => {
    ageing.look();
    now += 2 * DAY;
    expect(ageing.look()).toBe(false);
    now += HOUR - 1;
    expect(new SpoolAgeing(directory, () => now).look()).toBe(false);
    now += 1;
    expect(ageing.look()).toBe(true);
  });

  it('ignores a recorded pause that is longer than any of its own', () => {
    writeFileSync(file(), `${START} ${START + HOUR}`);
    expect(ageing.look()).toBe(false);
    writeFileSync(file(), `${START} ${START + HOUR + 1}`);
    expect(ageing.look()).toBe(true);
  });

  it.each(['', 'x', 'x 5', '5 x', 'Infinity 0', `${START - 2 * DAY} x`])(
    'treats %j as the record of a spool that was never used',
    (text) => {
      writeFileSync(file(), text);
      expect(ageing.look()).toBe(true);
      expect(noted()).toBe(`${START} 0`);
    },
  );

  it('neither reads nor writes a file that is not its own', () => {
    const target = path.join(directory, 'target');
    writeFileSync(target, `${START - 2 * DAY} 0`);
    symlinkSync(target, file());
    expect(ageing.look()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe(`${START - 2 * DAY} 0`);
  });

  it('leaves a file that is far too long', () => {
    writeFileSync(file(), '1'.repeat(100));
    expect(ageing.look()).toBe(true);
    expect(noted()).toHaveLength(100);
  });

  it('trusts them if nothing can be recorded', () => {
    expect(new SpoolAgeing('/nowhere', () => now).look()).toBe(true);
  });
});
