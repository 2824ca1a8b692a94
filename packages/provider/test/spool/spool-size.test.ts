import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpoolSize } from '../../src/spool/spool-size.ts';

let directory: string;
let now: number;
let size: SpoolSize;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'spool-size-'));
  now = 0;
  size = new SpoolSize(directory, () => now);
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, bytes: number) => writeFileSync(path.join(directory, name), 'x'.repeat(bytes));

describe('SpoolSize', () => {
  it('counts batches, whole or not, and nothing else', async () => {
    write('one.batch', 10);
    write('two.batch.host.1.tmp', 5);
    write('sender', 100);
    expect(await size.bytes()).toBe(15);
    expect(new SpoolSize(directory).bytesSync()).toBe(15);
  });

  it.each(['bytes', 'bytesSync'] as const)(
    'ignores a batch that another process removes meanwhile: %s',
    async (how) => {
      for (const name of ['a.batch', 'b.batch', 'c.batch']) write(name, 10);
      // The clock is read after each name.
      const clock = jest.spyOn(performance, 'now').mockImplementation(() => {
        if (clock.mock.calls.length > 1) for (const name of readdirSync(directory)) rmSync(path.join(directory, name));
        return 0;
      });
      try {
        expect(await size[how]()).toBe(10);
      } finally {
        clock.mockRestore();
      }
    },
  );

  it('counts what was added and removed, and is never negative', async () => {
    write('one.batch', 10);
    expect(await size.bytes()).toBe(10);
    size.changed(7);
    expect(await size.bytes()).toBe(17);
    size.changed(-12);
    expect(await size.bytes()).toBe(5);
    size.changed(-100);
    expect(await size.bytes()).toBe(0);
  });

  it('sums again after ten seconds, since other processes write too', async () => {
    expect(await size.bytes()).toBe(0);
    write('theirs.batch', 10);
    now = 10_000;
    expect(await size.bytes()).toBe(0);
    now += 1;
    expect(await size.bytes()).toBe(10);
  });

  it('sums less often if that takes long', async () => {
    // Each look at the clock costs a second, which is what the sum seems to take.
    const slow = new SpoolSize(directory, () => {
      now += 1000;
      return now;
    });
    await slow.bytes();
    const summedAt = now;
    write('theirs.batch', 10);
    now = summedAt + 40_000;
    expect(await slow.bytes()).toBe(0);
    now = summedAt + 60_000;
    expect(await slow.bytes()).toBe(10);
  });

  it('measures again at once after it was reset', async () => {
    expect(await size.bytes()).toBe(0);
    write('other.batch', 10);
    size.forget();
    expect(await size.bytes()).toBe(10);
  });

  it('uses an old sum at exit', async () => {
    expect(await size.bytes()).toBe(0);
    write('other.batch', 10);
    now = 1_000_000;
    expect(size.bytesSync()).toBe(0);
  });
});
