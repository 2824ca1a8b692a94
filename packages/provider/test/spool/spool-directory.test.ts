import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { parseSpoolFileName, spoolFileName, unfinishedName } from '../../src/spool/spool-file.ts';

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
    ['its file, if the name is from before the project', FIRST - 1, NOW - 9000, 9000],
    ['its file, if the name is far ahead', NOW + HOUR + 1, NOW - 9000, 9000],
    ['nothing, if neither is possible', 0, FIRST - 1000, 0],
    ['nothing, if the file is gone', 0, undefined, 0],
  ])('uses %s', async (_what, named, touched, age) => {
    expect(await ageOf(named, touched)).toBe(age);
  });

  it('counts from now if neither time is possible', async () => {
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

  it('lists the oldest 2,000 batches if there are more than 4,000', async () => {
    const name = (time: number) => spoolFileName(FIRST + time, 'one', '0123456789abcdef', 'logs');
    for (let time = 4100; time > 0; time -= 1) writeFileSync(path.join(folder, name(time)), '');
    const { files, total } = await directory.list(() => true);
    expect(total).toBe(4100);
    expect(files.map((file) => file.name)).toEqual(Array.from({ length: 2000 }, (_, index) => name(index + 1)));
  });
});

const at = (name: string) => path.join(folder, name);
const bytes = (length: number) => new Uint8Array(length);

describe.each(['write', 'writeSync'] as const)('SpoolDirectory.%s', (how) => {
  it('writes as long as there is room, to the last byte', async () => {
    expect(await directory[how]('a.batch', bytes(600))).toBe(true);
    expect(await directory[how]('b.batch', bytes(401))).toBe(false);
    expect(await directory[how]('b.batch', bytes(400))).toBe(true);
    expect(await directory[how]('c.batch', bytes(1))).toBe(false);
    expect(readdirSync(folder)).toEqual(['a.batch', 'b.batch']);
    expect(statSync(at('a.batch')).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when a batch cannot be written', async () => {
    // A directory in its place, and before that a file of an earlier attempt.
    mkdirSync(at('a.batch'));
    writeFileSync(at(unfinishedName('b.batch')), 'half');
    const roomy = new SpoolDirectory({ directory: folder, maxBytes: 1e6 });
    await expect((async () => roomy[how]('a.batch', bytes(1)))()).rejects.toMatchObject({ code: 'EISDIR' });
    await expect((async () => roomy[how]('b.batch', bytes(1)))()).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(folder)).toEqual(['a.batch']);
  });

  it('throws what the file system throws', async () => {
    await expect((async () => directory[how]('none/a.batch', bytes(1)))()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('SpoolDirectory.remove and discard', () => {
  it('make room, and ignore a file that is gone', async () => {
    await directory.write('a.batch', bytes(1000));
    await directory.remove({ name: 'a.batch' });
    await directory.remove({ name: 'a.batch' });
    expect(await directory.write('b.batch', bytes(1000))).toBe(true);
    await directory.discard('b.batch');
    await directory.discard('b.batch');
    expect(await directory.write('c.batch', bytes(1000))).toBe(true);
    expect(readdirSync(folder)).toEqual(['c.batch']);
  });

  it('remove throws and discard ignores what cannot be removed', async () => {
    mkdirSync(at('a.batch/inner'), { recursive: true });
    await expect(directory.remove({ name: 'a.batch' })).rejects.toMatchObject({ syscall: 'unlink' });
    await directory.discard('a.batch');
    expect(existsSync(at('a.batch/inner'))).toBe(true);
  });
});

describe('SpoolDirectory.setAside', () => {
  const name = spoolFileName(FIRST, 'one', '0123456789abcdef', 'logs');
  const isListed = async () => (await directory.list(() => true)).files.length > 0;
  beforeEach(() => writeFileSync(at(name), 'bad'));

  it('moves a file to a folder for this user only, and makes room', async () => {
    writeFileSync(at('large.batch'), bytes(1000));
    expect(await directory.write('a.batch', bytes(1))).toBe(false);
    await directory.setAside({ name: 'large.batch' });
    expect(await directory.write('a.batch', bytes(1))).toBe(true);
    expect(readdirSync(at('set-aside'))).toEqual(['large.batch']);
    expect(statSync(at('set-aside')).mode & 0o777).toBe(0o700);
  });

  it('gives the file another name if its own is taken', async () => {
    mkdirSync(at('set-aside'));
    writeFileSync(at(`set-aside/${name}`), 'earlier');
    await directory.setAside({ name });
    const [earlier = '', later = ''] = readdirSync(at('set-aside')).sort();
    expect([earlier, later]).toEqual([name, expect.stringMatching(/\.batch\.[\da-z]{1,8}$/)]);
    expect([earlier, later].map((each) => readFileSync(at(`set-aside/${each}`), 'utf8'))).toEqual(['earlier', 'bad']);
  });

  it('uses another folder if this name is taken by something else', async () => {
    symlinkSync('/tmp', at('set-aside'));
    await directory.setAside({ name });
    const [folderName = ''] = readdirSync(folder).filter((each) => each.startsWith('set-aside.'));
    expect(folderName).toMatch(/^set-aside\.[\da-z]{1,8}$/);
    expect(readdirSync(at(folderName))).toEqual([name]);
  });

  it('ignores a file that is gone', async () => {
    rmSync(at(name));
    await directory.setAside({ name });
    writeFileSync(at(name), 'again');
    expect(await isListed()).toBe(true);
  });

  it('no longer lists a file that could not be moved', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    await directory.setAside({ name });
    rmSync(folder);
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(at(name), 'bad');
    expect(await isListed()).toBe(false);
  });
});
