import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { openSender } from '@codex-otel/metrics/otlp';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { describeIfPresent } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { writeFrame } from '../../src/records/frames.ts';
import type { Spool } from '../../src/spool/spool.ts';
import { openSpool } from '../../src/spool/spool.ts';
import { destinationKey, spoolFileName } from '../../src/spool/spool-file.ts';
import { sampleConnection, sampleLogRecords } from '../transport/telemetry-samples.ts';

const DAY = 86_400_000;

let collector: OtlpCollector;
let directory: string;
let url: string;
let lines: string[];
const spools: Spool[] = [];

beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
  url = `${collector.httpUrl}/v1/logs`;
  directory = path.join(mkdtempSync(path.join(tmpdir(), 'spool-untrusted-')), 'spool');
  mkdirSync(directory, { mode: 0o700 });
  lines = [];
  const keep = (line: string): void => void lines.push(line);
  const logger = { error: keep, warn: keep, info: keep, debug: keep, verbose: keep };
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});
afterEach(async () => {
  diag.disable();
  for (const spool of spools.splice(0)) spool.close();
  await collector.close();
  rmSync(path.dirname(directory), { recursive: true, force: true });
});

function spoolHere(
  options: { readonly maxBytes?: number; readonly maxAgeMillis?: number; readonly to?: string } = {},
): Spool {
  const { maxBytes = 10_000_000, maxAgeMillis = 7 * DAY, to = url } = options;
  const spool = openSpool({ directory, maxBytes, maxAgeMillis }, '/nowhere');
  const connection = sampleConnection(to);
  spool.connect({ signal: 'logs', connection, openSender: () => openSender('logs', connection) });
  spools.push(spool);
  return spool;
}

const nameAt = (time: number, id: string, to = url): string =>
  spoolFileName(time, id, destinationKey(sampleConnection(to)), 'logs');
const fileOf = (name: string): string => path.join(directory, name);
const batches = (): readonly string[] => readdirSync(directory).filter((name) => name.endsWith('.batch'));

/** A batch as the spool itself writes it, under any name and time. */
function plant(time: number, id: string, to = url): string {
  const scratch = spoolHere({ to, maxBytes: Number.MAX_SAFE_INTEGER });
  scratch.keepSync('logs', { id, items: sampleLogRecords(1) });
  scratch.close();
  const written = batches().find((name) => name.includes(`-${id.replaceAll('-', '')}-`)) ?? '';
  const bytes = readFileSync(fileOf(written));
  rmSync(fileOf(written));
  const name = nameAt(time, id, to);
  writeFileSync(fileOf(name), bytes, { mode: 0o600 });
  return name;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`did not happen within a minute: ${readdirSync(directory).join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ids = (): readonly unknown[] => collector.requests().map(({ headers }) => headers['codex-otel-batch-id']);

/** Sends, and waits until the good batch has arrived, which comes after all others. */
async function goodArrives(): Promise<Spool> {
  plant(Date.now(), 'good');
  const spool = spoolHere();
  spool.collectorAnswers();
  await until(() => ids().includes('good'));
  return spool;
}

describe('a spool in which something else has a batch’s name', () => {
  const writtenAt = Date.now() - 5000;
  const bad = (): string => nameAt(writtenAt, 'bad');
  const secret = (): string => path.join(path.dirname(directory), 'secret');

  it.each<readonly [what: string, make: () => void]>([
    ['a pipe', () => execFileSync('mkfifo', [fileOf(bad())])],
    [
      'a link to a file',
      () => {
        writeFileSync(secret(), 'x');
        symlinkSync(secret(), fileOf(bad()));
      },
    ],
    [
      'a link to a pipe',
      () => {
        execFileSync('mkfifo', [secret()]);
        symlinkSync(secret(), fileOf(bad()));
      },
    ],
    ['a link to a device', () => symlinkSync('/dev/zero', fileOf(bad()))],
    ['a loop of links', () => symlinkSync(bad(), fileOf(bad()))],
    ['a directory', () => mkdirSync(fileOf(bad()))],
    [
      'a file larger than the spool',
      () => {
        writeFileSync(fileOf(bad()), '');
        truncateSync(fileOf(bad()), 5e12);
      },
    ],
    [
      'a file that others can write',
      () => {
        writeFileSync(fileOf(bad()), 'x');
        chmodSync(fileOf(bad()), 0o666);
      },
    ],
    ['an empty file', () => writeFileSync(fileOf(bad()), '')],
    ['text', () => writeFileSync(fileOf(bad()), 'text')],
  ])('sets aside %s and sends what comes after it', async (_what, make) => {
    make();
    await goodArrives();
    await until(() => batches().length === 0);
    expect(readdirSync(fileOf('set-aside'))).toHaveLength(1);
    await until(() => lines.join('\n').includes('set aside'));
  });

  it.each<readonly [what: string, batch: unknown]>([
    ['no items', { signal: 'logs', id: 'p' }],
    ['an item without a resource', { signal: 'logs', id: 'p', items: [{ attributes: {} }] }],
    ['an item that is null', { signal: 'logs', id: 'p', items: [null] }],
    ['another version’s items', { signal: 'logs', id: 'p', items: [{ v: 2, rec: 'x' }] }],
    ['another signal’s items', { signal: 'traces', id: 'p', items: [{}] }],
    ['an id with a line break', { signal: 'logs', id: 'a\r\nx: y', items: [] }],
    ['no id', { signal: 'logs', id: '', items: [] }],
    ['a number', 5],
  ])('sets aside a whole frame with %s', async (_what, batch) => {
    writeFileSync(fileOf(bad()), writeFrame(batch), { mode: 0o600 });
    await goodArrives();
    await until(() => batches().length === 0);
    expect(readdirSync(fileOf('set-aside'))).toHaveLength(1);
    expect(ids()).toEqual(['good']);
  });

  it.each<readonly [what: string, obstacle: (name: string) => void]>([
    ['a file has the folder’s name', () => writeFileSync(fileOf('set-aside'), '')],
    ['a link has the folder’s name', () => symlinkSync('/nowhere', fileOf('set-aside'))],
    ['a folder has its name there', (name) => mkdirSync(fileOf(`set-aside/${name}/x`), { recursive: true })],
    [
      'a file has its name there',
      (name) => {
        mkdirSync(fileOf('set-aside'));
        writeFileSync(fileOf(`set-aside/${name}`), 'kept');
      },
    ],
  ])('finds another place when %s', async (_what, obstacle) => {
    const name = bad();
    writeFileSync(fileOf(name), 'text');
    obstacle(name);
    await goodArrives();
    await until(() => batches().length === 0);
    if (existsSync(fileOf(`set-aside/${name}`)) && statSync(fileOf(`set-aside/${name}`)).isFile()) {
      expect(readFileSync(fileOf(`set-aside/${name}`), 'utf8')).toBe('kept');
    }
  });

  it('reports in one line what it found a hundred times', async () => {
    for (let index = 0; index < 100; index += 1) writeFileSync(fileOf(nameAt(1e12 + index, `bad${index}`)), 'text');
    await goodArrives();
    const said = (): readonly string[] => lines.filter((line) => /\d files .* set aside; .*-bad\d/.test(line));
    await until(() => said().length > 0);
    expect(said()).toHaveLength(1);
  });
});

describe('the times of a spool', () => {
  it.each([
    ['a year ahead', 365 * DAY],
    ['in 1970', -Date.now() + 12_345],
    ['two days ago', -2 * DAY],
  ])('sends a batch that was written %s, as its name says', async (_when, offset) => {
    plant(Date.now() + offset, 'odd');
    const spool = spoolHere();
    spool.collectorAnswers();
    await until(() => ids().includes('odd'));
    expect(spool.losses('logs')).toEqual({ dropped: 0, failed: 0 });
  });

  it('drops nothing after the clock has jumped by days', async () => {
    plant(Date.now() - 10 * DAY, 'young');
    // The spool was last used when the batch was written: either the machine was off, or its clock jumped.
    writeFileSync(fileOf('last-seen'), `${Date.now() - 10 * DAY} 0`, { mode: 0o600 });
    const spool = spoolHere();
    spool.collectorAnswers();
    await until(() => ids().includes('young'));
    expect(spool.losses('logs').dropped).toBe(0);
  });

  it('drops, and counts, what is too old in a spool that is in use, and another collector’s too', async () => {
    plant(Date.now() - 10 * DAY, 'old');
    plant(Date.now() - 10 * DAY, 'foreign', 'http://other.example:4318/v1/logs');
    writeFileSync(fileOf('last-seen'), `${Date.now() - 60_000} 0`, { mode: 0o600 });
    const spool = spoolHere();
    spool.collectorAnswers();
    await until(() => batches().length === 0);
    expect(spool.losses('logs')).toEqual({ dropped: 2, failed: 0 });
    expect(ids()).toEqual([]);
  });
});

describe('the token of a spool', () => {
  const host = hostname().replaceAll(/[^\w-]/g, '_');

  it.each<readonly [what: string, name: string, ageMillis: number]>([
    ['of a dead process', `sender.${host}.4194305.x`, 0],
    ['of a process id that is in use again, silent', `sender.${host}.1.x`, 180_000],
    ['of a process id that is in use again, from the future', `sender.${host}.1.x`, -3_600_000],
    ['of another machine whose clock was ahead', 'sender.elsewhere.5.x', -DAY],
    ['that names no holder', 'sender.x', 0],
    ['that is free', 'sender', 0],
  ])('is taken over, one %s', async (_what, name, ageMillis) => {
    writeFileSync(fileOf(name), '', { mode: 0o600 });
    const time = (Date.now() - ageMillis) / 1000;
    utimesSync(fileOf(name), time, time);
    await goodArrives();
  });

  it('is taken from a directory or a link in its place, whose target keeps its time', async () => {
    const victim = path.join(path.dirname(directory), 'victim');
    writeFileSync(victim, 'x');
    utimesSync(victim, 1, 1);
    symlinkSync(victim, fileOf('sender'));
    mkdirSync(fileOf('sender.dir.1.x'));
    await goodArrives();
    expect(statSync(victim).mtimeMs).toBe(1000);
  });
});

describe('the space of a spool', () => {
  it('removes half-written files of a dead process at once, but not those of a running one', async () => {
    const host = hostname().replaceAll(/[^\w-]/g, '_');
    writeFileSync(fileOf(`${nameAt(1e12, 'a')}.${host}.4194305.tmp`), 'half');
    writeFileSync(fileOf(`${nameAt(1e12, 'b')}.${host}.${process.pid}.tmp`), 'half');
    writeFileSync(fileOf(`${nameAt(1e12, 'c')}.elsewhere.1.tmp`), 'half');
    utimesSync(fileOf(`${nameAt(1e12, 'c')}.elsewhere.1.tmp`), 1, 1);
    await goodArrives();
    await until(() => readdirSync(directory).filter((name) => name.endsWith('.tmp')).length === 1);
    expect(existsSync(fileOf(`${nameAt(1e12, 'b')}.${host}.${process.pid}.tmp`))).toBe(true);
  });

  it('counts what is half written', () => {
    writeFileSync(fileOf(`${nameAt(1e12, 'a')}.elsewhere.1.tmp`), Buffer.alloc(5000));
    const spool = spoolHere({ maxBytes: 5500, to: 'http://127.0.0.1:9/v1/logs' });
    expect(spool.keepSync('logs', { id: 'more', items: sampleLogRecords(5) })).toBe('refused');
  });

  it('is created again after it was removed', async () => {
    const spool = spoolHere({ to: 'http://127.0.0.1:9/v1/logs' });
    expect(await spool.keep('logs', { id: 'a', items: sampleLogRecords(1) })).toBe('taken');
    rmSync(directory, { recursive: true });
    expect(await spool.keep('logs', { id: 'b', items: sampleLogRecords(1) })).toBe('taken');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('reports a failure once', async () => {
    const spool = spoolHere({ maxBytes: 10, to: 'http://127.0.0.1:9/v1/logs' });
    for (let index = 0; index < 20; index += 1)
      await spool.keep('logs', { id: `${index}`, items: sampleLogRecords(1) });
    expect(lines.filter((line) => line.includes('it is full'))).toHaveLength(1);
  });

  it('finds its own among five thousand batches of others', async () => {
    for (let index = 0; index < 5000; index += 1) {
      writeFileSync(fileOf(nameAt(Date.now(), `q${index}`, 'http://other.example/v1/logs')), 'x', { mode: 0o600 });
    }
    await goodArrives();
    await until(() => batches().length === 5000);
  });
});

describe('a spool and a batch that a collector cuts off', () => {
  it('does not block the others; it is dropped in the end, counted and reported', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      const id = String(request.headers['codex-otel-batch-id']);
      seen.push(id);
      if (id === 'first') request.socket.resetAndDestroy();
      else request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const to = `http://127.0.0.1:${port}/v1/logs`;
    plant(Date.now() - 5000, 'first', to);
    for (let index = 0; index < 5; index += 1) plant(Date.now(), `good${index}`, to);
    const spool = spoolHere({ to });
    spool.collectorAnswers();
    await until(() => batches().length === 1);
    expect(seen.slice(0, 6)).toEqual(['first', 'good0', 'good1', 'good2', 'good3', 'good4']);
    while (batches().length > 0) {
      spool.collectorAnswers();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // It is reported after its file was removed.
    await until(() => lines.some((line) => line.includes('were refused')));
    expect(spool.losses('logs')).toEqual({ dropped: 0, failed: 1 });
    expect(lines.some((line) => line.includes('are retried after the others'))).toBe(true);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }, 60_000);
});

describeIfPresent('a spool whose files belong to another user (as root)', process.getuid?.() === 0, () => {
  it('sets aside a batch of another user unsent', async () => {
    const name = plant(Date.now() - 5000, 'forged');
    chownSync(fileOf(name), 65_534, 65_534);
    await goodArrives();
    await until(() => batches().length === 0);
    expect(ids()).toEqual(['good']);
  });

  it.each([
    ['belongs to another user', () => chownSync(directory, 65_534, 65_534)],
    ['can be written by others', () => chmodSync(directory, 0o777)],
  ])('neither reads nor lists nor writes a directory that %s, and reports that once', async (_what, spoil) => {
    plant(Date.now() - 5000, 'forged');
    spoil();
    const before = readdirSync(directory);
    const spool = spoolHere();
    spool.collectorAnswers();
    await until(() => lines.some((line) => line.includes('the spool cannot be read')));
    for (let round = 0; round < 5; round += 1) {
      spool.collectorAnswers();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(collector.requests()).toHaveLength(0);
    expect(readdirSync(directory)).toEqual(before);
    expect(lines.filter((line) => line.includes('the spool cannot be read'))).toHaveLength(1);
  });
});
