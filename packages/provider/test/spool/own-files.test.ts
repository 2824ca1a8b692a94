import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hasOwnDirectory, ifMissing, isOwnFile, readOwnFile, requireOwnDirectory } from '../../src/spool/own-files.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'own-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('requireOwnDirectory and hasOwnDirectory', () => {
  it('create the directory and its missing parents, for this user only', async () => {
    expect(await hasOwnDirectory(at('a/b'))).toBe(false);
    requireOwnDirectory(at('a/b'));
    requireOwnDirectory(at('a/b'));
    expect(statSync(at('a/b')).mode & 0o777).toBe(0o700);
    expect(await hasOwnDirectory(at('a/b'))).toBe(true);
  });

  it.each([
    [0o700, true],
    [0o755, true],
    [0o720, false],
    [0o702, false],
  ])('accept the mode %s: %s', async (mode, accepted) => {
    mkdirSync(at('a'));
    chmodSync(at('a'), mode);
    const message = 'the spool directory belongs to another user or is writable by others';
    if (accepted) {
      requireOwnDirectory(at('a'));
      expect(await hasOwnDirectory(at('a'))).toBe(true);
    } else {
      expect(() => requireOwnDirectory(at('a'))).toThrow(new Error(message));
      await expect(hasOwnDirectory(at('a'))).rejects.toThrow(new Error(message));
    }
  });

  it('refuse a link to a directory', async () => {
    mkdirSync(at('a'));
    symlinkSync(at('a'), at('link'));
    expect(() => requireOwnDirectory(at('link'))).toThrow(new Error('the spool is not a directory'));
    await expect(hasOwnDirectory(at('link'))).rejects.toThrow(new Error('the spool is not a directory'));
  });

  it('throw what the file system throws', async () => {
    writeFileSync(at('file'), '');
    await expect(hasOwnDirectory(at('file/a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('isOwnFile', () => {
  const uid = process.getuid?.() ?? 0;
  const stats = (changes: { uid?: number; mode?: number; isFile?: () => boolean }) => ({
    uid,
    mode: 0o600,
    isFile: () => true,
    ...changes,
  });

  it.each([
    ['of this user', {}, true],
    ['that others can read', { mode: 0o644 }, true],
    ['that the group can write', { mode: 0o620 }, false],
    ['that others can write', { mode: 0o602 }, false],
    ['of another user', { uid: uid + 1 }, false],
    ['that is not a regular file', { isFile: () => false }, false],
  ])('checks a file %s', (_what, changes, own) => {
    expect(isOwnFile(stats(changes))).toBe(own);
    expect(isOwnFile(stats(changes), { hasFileModes: true })).toBe(own);
  });

  it('checks neither user nor mode if files have none', () => {
    expect(isOwnFile(stats({ uid: uid + 1, mode: 0o666 }), { hasFileModes: false })).toBe(true);
    expect(isOwnFile(stats({ isFile: () => false }), { hasFileModes: false })).toBe(false);
  });
});

describe('readOwnFile', () => {
  it('reads up to its limit', async () => {
    writeFileSync(at('a'), 'abc');
    expect(String(await readOwnFile(at('a'), 3))).toBe('abc');
    await expect(readOwnFile(at('a'), 2)).rejects.toThrow(new Error('it is larger than the spool'));
  });

  it('refuses anything but a regular file of this user', async () => {
    mkdirSync(at('a'));
    writeFileSync(at('b'), 'abc');
    chmodSync(at('b'), 0o666);
    symlinkSync(at('b'), at('c'));
    await expect(readOwnFile(at('a'), 3)).rejects.toThrow(new Error('it is not a regular file'));
    await expect(readOwnFile(at('c'), 3)).rejects.toThrow(new Error('it is not a regular file'));
    await expect(readOwnFile(at('b'), 3)).rejects.toThrow(
      new Error('it belongs to another user or is writable by others'),
    );
    await expect(readOwnFile(at('d'), 3)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('ifMissing', () => {
  it('returns the value if the file is missing, and throws every other error', () => {
    const error = (code: string) => Object.assign(new Error(code), { code });
    expect(ifMissing('none')(error('ENOENT'))).toBe('none');
    expect(() => ifMissing('none')(error('EACCES'))).toThrow('EACCES');
  });
});
