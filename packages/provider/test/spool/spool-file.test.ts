import { hostname } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import {
  destinationKey,
  hostName,
  isAlive,
  isSpooled,
  isUnfinished,
  parseSpoolFileName,
  spoolFileName,
  unfinishedName,
  writerOf,
} from '../../src/spool/spool-file.ts';

const KEY = '0123456789abcdef';

describe('the name of a batch', () => {
  it('contains the time, the collector and the signal', () => {
    const name = spoolFileName(1_800_000_000_000, 'a-1-z', KEY, 'logs');
    expect(name).toBe(`01800000000000-a1z-${KEY}-logs.batch`);
    expect(parseSpoolFileName(name)).toEqual({
      name,
      writtenAtUnixMillis: 1_800_000_000_000,
      destination: KEY,
      signal: 'logs',
    });
    for (const signal of ['traces', 'metrics'] as const) {
      expect(parseSpoolFileName(spoolFileName(5, 'a', KEY, signal))).toMatchObject({ writtenAtUnixMillis: 5, signal });
    }
  });

  it.each([
    'notes.txt',
    `1800000000000-a-${KEY}-logs.batch`,
    `01800000000000-a-${KEY}-logs.batch.host.1.tmp`,
    `x01800000000000-a-${KEY}-logs.batch`,
    `01800000000000-A-${KEY}-logs.batch`,
    `01800000000000--${KEY}-logs.batch`,
    `01800000000000-a-${KEY}0-logs.batch`,
    `01800000000000-a-${KEY.slice(1)}-logs.batch`,
    `01800000000000-a-${KEY.replace('f', 'g')}-logs.batch`,
    `01800000000000-a-${KEY}-other.batch`,
    `01800000000000-a-${KEY}-logsXbatch`,
  ])('does not have the form %s', (name) => {
    expect(parseSpoolFileName(name)).toBeUndefined();
  });

  it('has an ending that names the writer while the batch is being written', () => {
    const name = spoolFileName(5, 'a', KEY, 'logs');
    const unfinished = unfinishedName(name);
    expect(unfinished).toBe(`${name}.${hostName()}.${process.pid}.tmp`);
    expect([isUnfinished(name), isUnfinished(unfinished), isUnfinished('tmp')]).toEqual([false, true, false]);
    expect([isSpooled(name), isSpooled(unfinished), isSpooled('sender')]).toEqual([true, true, false]);
    expect(writerOf(unfinished)).toBe(process.pid);
  });

  it.each([
    ['a name without a writer', 'a.batch.tmp'],
    ['a name of another machine', 'a.batch.elsewhere.12.tmp'],
    ['a process id with a letter', `a.batch.${hostName()}.1x.tmp`],
    ['a longer name', `a.batch.${hostName()}.12.tmp.x`],
    ['another name', 'notes.txt'],
  ])('names no writer on this machine: %s', (_what, name) => {
    expect(writerOf(name)).toBeUndefined();
  });
});

describe('destinationKey', () => {
  it('distinguishes collectors by their protocol and address', () => {
    const key = destinationKey({ protocol: 'grpc', url: 'http://a' });
    expect(key).toMatch(/^[\da-f]{16}$/);
    expect(destinationKey({ protocol: 'grpc', url: 'http://a' })).toBe(key);
    expect(destinationKey({ protocol: 'grpc', url: 'http://b' })).not.toBe(key);
    expect(destinationKey({ protocol: 'http/json', url: 'http://a' })).not.toBe(key);
    // Earlier versions used the same key, and their files must still be found.
    expect(key).toBe('a691df76eae41a12');
  });
});

describe('hostName', () => {
  it('can be part of a file name', () => {
    expect(hostName()).toBe(
      hostname()
        .replaceAll(/[^\w-]/g, '_')
        .slice(0, 64),
    );
  });
});

describe('isAlive', () => {
  it('is true only for processes that are running', () => {
    expect([isAlive(process.pid), isAlive(1), isAlive(4_194_305)]).toEqual([true, true, false]);
  });
});
