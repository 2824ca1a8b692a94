import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import { SpoolTally, SpoolTrouble } from '../../src/spool/spool-trouble.ts';
import type { DiagLine } from '../diag-lines.ts';
import { captureDiag } from '../diag-lines.ts';

let said: DiagLine[];
beforeEach(() => {
  said = captureDiag();
  said.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
  diag.disable();
});

const lines = () => said.map(({ level, text }) => `${level}: ${text.replace('codex-otel/provider: ', '')}`);

const failure = (code: string, name: string) =>
  Object.assign(new Error(`${code}: it failed, open '/spool/${name}'`), { code, syscall: 'open' });

describe('SpoolTrouble', () => {
  it('is reported once, for whichever file, and once when it is over', () => {
    const trouble = new SpoolTrouble('it cannot be written');
    trouble.over('it can be written');
    trouble.met(failure('ENOSPC', 'a'));
    trouble.met(failure('ENOSPC', 'b'));
    trouble.over('it can be written');
    trouble.over('it can be written');
    expect(lines()).toEqual([
      'error: it cannot be written: no space is left on the device (ENOSPC)',
      'info: it can be written',
    ]);
  });

  it('is not reported again soon after it went away, but another one is', () => {
    const trouble = new SpoolTrouble('it cannot be written');
    trouble.met(failure('EIO', 'a'));
    trouble.over('it can be written');
    trouble.met(failure('EIO', 'a'));
    trouble.over('it can be written');
    trouble.met(failure('EROFS', 'a'));
    expect(lines()).toEqual([
      'error: it cannot be written: the device failed (EIO)',
      'info: it can be written',
      'error: it cannot be written: the file system is read-only (EROFS)',
    ]);
  });

  it.each([
    ['EDQUOT', 'the disk quota is used up (EDQUOT)'],
    ['EACCES', 'access is denied (EACCES)'],
    ['EPERM', 'access is denied (EPERM)'],
    ['ENOTDIR', 'a file stands where a directory belongs (ENOTDIR)'],
    ['EEXIST', 'a file stands where a directory belongs (EEXIST)'],
    ['EMFILE', 'too many files are open (EMFILE)'],
    ['ELOOP', 'ELOOP (ELOOP)'],
  ])('names the reason and not the file: %s', (code, reason) => {
    new SpoolTrouble('no').met(failure(code, 'secret'));
    expect(lines()).toEqual([`error: no: ${reason}`]);
  });

  it.each([
    ['no error of the system', new Error('it is full')],
    ['an error with a code alone', Object.assign(new Error('it is full'), { code: 'ENOSPC' })],
    ['an error with a call alone', Object.assign(new Error('it is full'), { syscall: 'open' })],
    ['an error with a number for a code', Object.assign(new Error('it is full'), { code: 28, syscall: 'open' })],
  ])("uses the error's own words: %s", (_what, error) => {
    new SpoolTrouble('no').met(error);
    expect(lines()[0]).toContain('it is full');
  });

  it('is reported again after ten minutes', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(5000);
    const trouble = new SpoolTrouble('no');
    trouble.met(failure('EIO', 'a'));
    now.mockReturnValue(604_999);
    trouble.met(failure('EIO', 'a'));
    expect(lines()).toHaveLength(1);
    now.mockReturnValue(605_000);
    trouble.met(failure('EIO', 'a'));
    expect(lines()).toHaveLength(2);
  });

  it('remembers a bounded number of troubles', () => {
    const trouble = new SpoolTrouble('no');
    for (let index = 0; index < 20; index += 1) trouble.met(new Error(`trouble ${index}`));
    trouble.met(new Error('trouble 0'));
    expect(lines()).toHaveLength(20);
    trouble.met(new Error('trouble 20'));
    trouble.met(new Error('trouble 0'));
    expect(lines()).toHaveLength(22);
  });
});

describe('SpoolTally', () => {
  it('reports in one line how many there were, and the first of them', () => {
    const tally = new SpoolTally();
    const line = (count: number, first: string) => `${count} of them, such as ${first}`;
    tally.say(line);
    tally.add(2, 'a');
    tally.add(3, 'b');
    tally.say(line);
    tally.say(line);
    tally.add(1, 'c');
    tally.say(line);
    expect(lines()).toEqual(['warn: 5 of them, such as a', 'warn: 1 of them, such as c']);
  });
});
