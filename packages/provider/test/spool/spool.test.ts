import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { openSender } from '@codex-otel/metrics/otlp';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HeldBatch } from '../../src/outlet/outlet.ts';
import { encodeBatch } from '../../src/records/encode-batch.ts';
import type { Spool } from '../../src/spool/spool.ts';
import { openSpool } from '../../src/spool/spool.ts';
import { destinationKey, spoolFileName } from '../../src/spool/spool-file.ts';
import { sampleConnection, sampleLogRecord, sampleLogRecords, sampleMetrics } from '../transport/telemetry-samples.ts';
import { recordingClock } from './recording-clock.ts';

const TAKEN = 'taken';
const REFUSED = 'refused';

let collector: OtlpCollector;
let directory: string;
const spools: Spool[] = [];

beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
  directory = path.join(mkdtempSync(path.join(tmpdir(), 'spool-test-')), 'spool');
});
afterEach(async () => {
  for (const spool of spools.splice(0)) spool.close();
  await collector.close();
  rmSync(path.dirname(directory), { recursive: true, force: true });
});

/** A spool of one signal, the logs unless `signal` says otherwise; its collector is the test's unless `url` does. */
function signalSpool({
  signal = 'logs',
  url = `${collector.httpUrl}/v1/${signal}`,
  maxBytes = 10_000_000,
  maxAgeMillis = 3_600_000,
}: Partial<
  Record<'url', string> & Record<'maxBytes' | 'maxAgeMillis', number> & Record<'signal', OtelSignal>
> = {}): Spool {
  const spool = openSpool({ directory, maxBytes, maxAgeMillis }, '/nowhere');
  const connection = sampleConnection(url);
  spool.connect({ signal, connection, openSender: () => openSender(signal, connection) });
  spools.push(spool);
  return spool;
}

function batch(id: string, count = 1): HeldBatch<SignalItems['logs']> {
  return { id, items: sampleLogRecords(count) };
}

/** A collection with this many data points. */
function metricsOf(points: number): SignalItems['metrics'] {
  const metrics = sampleMetrics('codex.a');
  return { ...metrics, scopeMetrics: Array.from({ length: points }, () => metrics.scopeMetrics).flat() };
}

const batchFiles = () => readdirSync(directory).filter((name) => name.endsWith('.batch'));

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('did not happen within a minute');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('openSpool', () => {
  it('keeps a batch as one file that only its owner can read', async () => {
    await collector.behave({ kind: 'status', code: 503 });
    expect(await signalSpool().keep('logs', batch('a'))).toEqual(TAKEN);
    const [name = ''] = batchFiles();
    expect(statSync(path.join(directory, name)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('sends what it has when the collector answers, oldest first, each under its id, and empties itself', async () => {
    await collector.behave({ kind: 'status', code: 503 });
    const spool = signalSpool();
    for (const id of ['1', '2', '3']) {
      await spool.keep('logs', batch(id, 10));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await collector.behave({ kind: 'answer' });
    collector.clear();
    spool.collectorAnswers();
    await until(() => batchFiles().length === 0);
    const ids = collector.requests().map(({ headers }) => headers['codex-otel-batch-id']);
    expect(ids).toEqual(['1', '2', '3']);
    expect(collector.logRecords()).toHaveLength(30);
  });

  it('sends what an earlier process left behind', async () => {
    const earlier = signalSpool();
    earlier.keepSync('logs', batch('left', 5));
    earlier.close();
    signalSpool();
    await collector.waitFor((seen) => seen.logRecords().length === 5);
    await until(() => batchFiles().length === 0);
  });

  it('retries automatically while the collector is down', async () => {
    await collector.behave({ kind: 'status', code: 503, times: 2 });
    await signalSpool().keep('logs', batch('a', 4));
    await collector.waitFor((seen) => seen.logRecords().length === 4);
  });

  it('does not touch batches for another collector', async () => {
    const elsewhere = signalSpool({ url: 'http://127.0.0.1:9/v1/logs' });
    elsewhere.keepSync('logs', batch('elsewhere'));
    elsewhere.close();
    const spool = signalSpool();
    spool.keepSync('logs', batch('here'));
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    await until(() => batchFiles().length === 1);
    expect(collector.requests()).toHaveLength(1);
  });

  it('is sent by one process at a time', async () => {
    const first = signalSpool();
    for (let index = 0; index < 20; index += 1) first.keepSync('logs', batch(`batch-${index}`, 1));
    const others = [signalSpool(), signalSpool(), signalSpool()];
    for (const spool of [first, ...others]) spool.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(collector.logRecords()).toHaveLength(20);
  });

  it('takes over from a process that was killed while it was sending', async () => {
    const spool = signalSpool();
    spool.keepSync('logs', batch('a'));
    const dead = path.join(
      directory,
      `sender.${(await import('node:os')).hostname().replaceAll(/[^\w-]/g, '_')}.4194305.x`,
    );
    writeFileSync(dead, '');
    spool.collectorAnswers();
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    expect(existsSync(dead)).toBe(false);
  });

  it('leaves the sending to a process that is alive', async () => {
    const spool = signalSpool();
    spool.keepSync('logs', batch('a'));
    // The holder is on another machine, so that its process id means nothing here; it touched the token just now.
    writeFileSync(path.join(directory, 'sender.elsewhere.1.x'), '');
    spool.collectorAnswers();
    const other = openSpool({ directory: path.join(directory, '../other') }, '');
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    other.connect({ signal: 'logs', connection, openSender: () => openSender('logs', connection) });
    other.keepSync('logs', batch('b'));
    other.collectorAnswers();
    await collector.waitFor((seen) => seen.requests().length > 0);
    expect(collector.requests().map(({ headers }) => headers['codex-otel-batch-id'])).toEqual(['b']);
    expect(batchFiles()).toHaveLength(1);
    other.close();
  });

  it('sets damaged batches aside and sends the others', async () => {
    const spool = signalSpool();
    spool.keepSync('logs', batch('damaged'));
    const [name = ''] = batchFiles();
    const bytes = readFileSync(path.join(directory, name));
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    writeFileSync(path.join(directory, name), bytes);
    spool.keepSync('logs', batch('good'));
    spool.collectorAnswers();
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    await until(() => batchFiles().length === 0);
    expect(readdirSync(path.join(directory, 'set-aside'))).toEqual([name]);
  });

  it('does not touch files that are not its own', async () => {
    const spool = signalSpool();
    spool.keepSync('logs', batch('a'));
    writeFileSync(path.join(directory, 'notes.txt'), 'mine');
    spool.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(readFileSync(path.join(directory, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('refuses what is over its size, which stays with the outlet', async () => {
    await collector.behave({ kind: 'status', code: 503 });
    const spool = signalSpool({ maxBytes: 3000 });
    expect(spool.keepSync('logs', batch('fits', 3))).toEqual(TAKEN);
    expect(spool.keepSync('logs', { id: 'large', items: [sampleLogRecord('x'.repeat(4000))] })).toEqual(REFUSED);
    expect(await spool.keep('logs', { id: 'large', items: [sampleLogRecord('x'.repeat(4000))] })).toEqual(REFUSED);
    expect(batchFiles()).toHaveLength(1);
  });

  it('drops what is too old, and counts it', async () => {
    const earlier = signalSpool();
    earlier.keepSync('logs', batch('old', 7));
    earlier.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const spool = signalSpool({ maxAgeMillis: 10 });
    spool.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(spool.losses('logs')).toEqual({ dropped: 7, failed: 0 });
    expect(collector.requests()).toHaveLength(0);
  });

  it('counts what the collector refuses for good, and does not ask again', async () => {
    await collector.behave({ kind: 'status', code: 400 });
    const spool = signalSpool();
    spool.keepSync('logs', batch('refused', 2));
    spool.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(spool.losses('logs')).toEqual({ dropped: 0, failed: 2 });
  });

  it('counts metrics in data points, for every outcome', async () => {
    const collection = { id: 'points', items: [metricsOf(5)] };
    const earlier = signalSpool({ signal: 'metrics' });
    earlier.keepSync('metrics', collection);
    earlier.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const aged = signalSpool({ signal: 'metrics', maxAgeMillis: 10 });
    aged.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(aged.losses('metrics')).toEqual({ dropped: 5, failed: 0 });
    aged.close();

    await collector.behave({ kind: 'status', code: 400 });
    const refused = signalSpool({ signal: 'metrics' });
    refused.keepSync('metrics', collection);
    refused.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(refused.losses('metrics')).toEqual({ dropped: 0, failed: 5 });
  });

  it('counts what the collector rejects of a batch that it takes', async () => {
    await collector.behave({ kind: 'partial-success', rejected: 2, message: 'no room' });
    const spool = signalSpool();
    spool.keepSync('logs', batch('some', 3));
    spool.collectorAnswers();
    await until(() => batchFiles().length === 0);
    expect(spool.losses('logs')).toEqual({ dropped: 0, failed: 2 });
  });

  it('refuses a batch with a value that is not plain data', async () => {
    const noData = { ...sampleLogRecord('a'), body: () => 'no data' } as unknown as SignalItems['logs'];
    expect(await signalSpool().keep('logs', { id: 'mixed', items: [sampleLogRecord('a'), noData] })).toBe(REFUSED);
  });

  it('refuses a directory that others can write to', async () => {
    const spool = signalSpool();
    spool.keepSync('logs', batch('a'));
    spool.close();
    chmodSync(directory, 0o777);
    expect(signalSpool().keepSync('logs', batch('b'))).toEqual(REFUSED);
  });

  it.each([
    ['there is a file in its place', () => writeFileSync(directory, '')],
    [
      'its parent is a file',
      () => {
        rmSync(path.dirname(directory), { recursive: true });
        writeFileSync(path.dirname(directory), '');
      },
    ],
  ])('leaves everything in memory when %s', async (_reason, spoil) => {
    spoil();
    const spool = signalSpool();
    expect(spool.keepSync('logs', batch('a'))).toEqual(REFUSED);
    expect(await spool.keep('logs', batch('a'))).toEqual(REFUSED);
    spool.collectorAnswers();
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe('openSpool: when it looks for batches', () => {
  it('looks soon after it has taken one, at once when the collector answers, and not after its end', async () => {
    const clock = recordingClock();
    const spool = openSpool({ directory, maxBytes: 3000 }, '/nowhere', clock);
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    spool.connect({ signal: 'logs', connection, openSender: () => openSender('logs', connection) });
    await clock.pass(250);
    expect(clock.waits.splice(0)).toEqual([250, 30_000]);

    expect(await spool.keep('logs', { id: 'large', items: [sampleLogRecord('x'.repeat(4000))] })).toBe(REFUSED);
    expect(clock.waits.splice(0)).toEqual([]);
    expect(await spool.keep('logs', batch('a'))).toBe(TAKEN);
    expect(clock.waits.splice(0)).toEqual([1000]);
    spool.collectorAnswers();
    expect(clock.waits.splice(0)).toEqual([0]);

    spool.close();
    spool.collectorAnswers();
    expect([clock.waits, clock.timers()]).toEqual([[], 0]);
  });
});

describe('openSpool by default', () => {
  const open = (): Spool => {
    const spool = openSpool({}, path.dirname(directory));
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    spool.connect({ signal: 'logs', connection, openSender: () => openSender('logs', connection) });
    spools.push(spool);
    return spool;
  };
  const place = () => path.join(path.dirname(directory), 'otel-spool');

  it('is in the configuration folder, and holds 64 MiB', () => {
    const spool = open();
    const bytes = encodeBatch('logs', batch('a').items, 'a').length;
    expect(spool.keepSync('logs', batch('a'))).toBe(TAKEN);
    const [name = ''] = readdirSync(place());
    expect(statSync(path.join(place(), name)).size).toBe(bytes);
    // Sparse files take no room on the disk.
    truncateSync(path.join(place(), name), 64 * 1024 * 1024 - bytes);
    expect(open().keepSync('logs', batch('b'))).toBe(TAKEN);
    expect(open().keepSync('logs', batch('c'))).toBe(REFUSED);
  });

  it('keeps batches for a week', async () => {
    const week = 7 * 24 * 3_600_000;
    const key = destinationKey(sampleConnection(`${collector.httpUrl}/v1/logs`));
    mkdirSync(place(), { mode: 0o700 });
    for (const [id, ageMillis] of [
      ['old', week + 60_000],
      ['young', week - 600_000],
    ] as const) {
      const name = spoolFileName(Date.now() - ageMillis, id, key, 'logs');
      writeFileSync(path.join(place(), name), encodeBatch('logs', batch(id).items, id), { mode: 0o600 });
    }
    const spool = open();
    await until(() => readdirSync(place()).every((name) => !name.endsWith('.batch')));
    expect(collector.requests().map(({ headers }) => headers['codex-otel-batch-id'])).toEqual(['young']);
    expect(spool.losses('logs')).toEqual({ dropped: 1, failed: 0 });
  });
});

describe('a batch that a server cuts off for its size', () => {
  it('is sent in parts, and the part that is always cut off is lost', async () => {
    const server = createServer((request, response) => {
      if (Number(request.headers['content-length']) > 3000) request.socket.resetAndDestroy();
      else request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const spool = signalSpool({ url: `http://127.0.0.1:${port}/v1/logs` });
    const items = [...sampleLogRecords(3), sampleLogRecord('x'.repeat(4000))];
    spool.keepSync('logs', { id: 'large', items });
    while (batchFiles().length > 0) {
      spool.collectorAnswers();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(spool.losses('logs')).toEqual({ dropped: 0, failed: 1 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
