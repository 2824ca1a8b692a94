import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostName } from '../../src/spool/spool-file.ts';
import { SpoolToken } from '../../src/spool/spool-token.ts';

const NOW = 1_800_000_000_000;
const FEW = { names: [], total: 0 };

let folder: string;
let now: number;
let token: SpoolToken;
const at = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-token-'));
  now = NOW;
  token = new SpoolToken(folder, () => now);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a token as another holder has left it. */
function leave(name: string, touchedAt = NOW): void {
  writeFileSync(at(name), '', { mode: 0o600 });
  utimesSync(at(name), touchedAt / 1000, touchedAt / 1000);
}
const held = () => readdirSync(folder).filter((name) => name.startsWith(`sender.${hostName()}.${process.pid}.`));

describe('SpoolToken', () => {
  it.each([
    ['sender', true],
    ['sender.host.1.x', true],
    ['senders', false],
    ['a sender', false],
  ])('has the name %s: %s', (name, isToken) => {
    expect(SpoolToken.isToken(name)).toBe(isToken);
  });

  it('is created, renamed after its holder, kept alive, and given back', () => {
    expect(token.take(FEW)).toBe(true);
    const [own = ''] = held();
    expect(readdirSync(folder)).toEqual([own]);
    expect(own.split('.')[3]).toMatch(/^[\da-z]+$/);
    expect(statSync(at(own)).mode & 0o777).toBe(0o600);
    expect(statSync(at(own)).mtimeMs).toBe(NOW);
    now += 5000;
    expect(token.keep()).toBe(true);
    expect(statSync(at(own)).mtimeMs).toBe(NOW + 5000);
    token.giveBack();
    expect(readdirSync(folder)).toEqual(['sender']);
  });

  it('can be held by only one of two holders in a process', () => {
    const other = new SpoolToken(folder, () => now);
    expect([token.take(FEW), other.take(FEW), token.take(FEW)]).toEqual([true, false, true]);
    token.giveBack();
    expect([other.take(FEW), token.take(FEW)]).toEqual([true, false]);
  });

  it.each([
    ['of a running process', `sender.${hostName()}.1.0az9`, 0, true],
    ['of another machine', 'sender.else-where_2.12345.x', 0, true],
    ['of a process that has ended', `sender.${hostName()}.4194305.x`, 0, false],
    ['of a holder that was seen two minutes ago', 'sender.elsewhere.1.x', 120_000, true],
    ['of a silent holder', 'sender.elsewhere.1.x', 120_001, false],
    ['of a holder whose clock is two minutes ahead', 'sender.elsewhere.1.x', -120_000, true],
    ['of a holder whose clock is further ahead', 'sender.elsewhere.1.x', -120_001, false],
    ['without a holder', 'sender.x', 0, false],
    ['without a process', 'sender.elsewhere.x.x', 0, false],
    ['with a longer name', 'sender.elsewhere.1.x.y', 0, false],
    ['with capitals', 'sender.elsewhere.1.X', 0, false],
    ['that is free', 'sender', 0, false],
  ])('a token %s stays with its holder: %s %s ms, %s', (_what, name, silentMillis, stays) => {
    leave(name, NOW - silentMillis);
    expect(token.take(FEW)).toBe(!stays);
    expect(existsSync(at(name))).toBe(stays);
    expect(held()).toHaveLength(stays ? 0 : 1);
  });

  it('takes the free token among several', () => {
    leave('sender.elsewhere.1.x');
    leave('sender');
    expect(token.take(FEW)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['sender.elsewhere.1.x', ...held()].sort());
  });

  it('lists the directory itself, unless it is large', () => {
    leave('sender.elsewhere.1.x');
    expect(token.take({ names: [], total: 4999 })).toBe(false);
    expect(token.take({ names: ['sender.elsewhere.1.x'], total: 5000 })).toBe(false);
    expect(token.take({ names: [], total: 5000 })).toBe(true);
  });

  it('ignores a token that disappeared after it was listed', () => {
    expect(token.take({ names: ['sender.gone.1.x'], total: 5000 })).toBe(true);
  });

  it('is lost when another holder takes it', () => {
    token.take(FEW);
    const [own = ''] = held();
    renameSync(at(own), at('sender.elsewhere.1.x'));
    expect(token.keep()).toBe(false);
    token.giveBack();
    expect(readdirSync(folder)).toEqual(['sender.elsewhere.1.x']);
  });

  it('cannot be taken if the directory is missing', () => {
    rmSync(folder, { recursive: true });
    expect([token.take(FEW), token.keep()]).toEqual([false, false]);
  });

  it('renames a directory that has its name', () => {
    mkdirSync(at('sender'));
    mkdirSync(at('sender.elsewhere.1.x'));
    expect(token.take(FEW)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['no-sender.elsewhere.1.x.none', 'no-sender.none', ...held()].sort());
  });

  it('removes a link with its name', () => {
    symlinkSync('/tmp', at('sender'));
    symlinkSync('/nowhere', at('sender.elsewhere.1.x'));
    expect(token.take(FEW)).toBe(true);
    expect(readdirSync(folder)).toEqual(held());
  });
});
