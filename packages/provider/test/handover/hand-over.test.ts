import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OtlpConnection } from '@codex-otel/config';
import { headersFromHelper } from '@codex-otel/config';
import type { PlainLogRecord } from '@codex-otel/metrics/otlp';
import { headerSource } from '@codex-otel/metrics/otlp';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { sourceFlags } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import type { AnyHandOverSource, HandOverOptions, HandOverSource } from '../../src/handover/hand-over.ts';
import { beginHandOver } from '../../src/handover/hand-over.ts';
import { sharePayloads } from '../../src/handover/payload-file.ts';
import type { HeldBatch, SpillResult } from '../../src/outlet/outlet.ts';
import { monotonicMillis } from '../../src/values/monotonic.ts';
import { captureDiag } from '../diag-lines.ts';
import {
  sampleConnection,
  sampleLogRecord,
  sampleLogRecords,
  sampleMetrics,
  sampleSpan,
} from '../transport/telemetry-samples.ts';

const command = [
  process.execPath,
  ...sourceFlags,
  fileURLToPath(new URL('../../src/handover/uploader-main.ts', import.meta.url)),
];

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await startOtlpCollector();
});
afterEach(async () => {
  await uploadersEnd();
  await collector.close();
});

/** One test's uploaders must not take the places of the next test's. */
async function uploadersEnd(): Promise<void> {
  const shared = globalThis as { [key: symbol]: { count: number } | undefined };
  const key = Symbol.for('@codex-otel/provider.uploaders.v1');
  const deadline = Date.now() + 20_000;
  while ((shared[key]?.count ?? 0) > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

interface Lost {
  items: unknown[];
}

async function logSource(
  connection: OtlpConnection,
  items: readonly PlainLogRecord[],
  { askFirst = true, lost = { items: [] } as Lost } = {},
): Promise<AnyHandOverSource> {
  const headers = headerSource(connection);
  if (askFirst) await headers.ask(1000);
  return {
    signal: 'logs',
    connection,
    lastHeaders: headers.last,
    drain: () => batchesOf(items),
    recordLost: (some) => lost.items.push(...some),
  };
}

/** In the form in which an outlet returns them. */
function batchesOf<Item>(items: readonly Item[], size = 512): HeldBatch<Item>[] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size);
  return starts.map((start) => ({ id: `batch-${start}`, items: items.slice(start, start + size) }));
}

function handOver(sources: readonly AnyHandOverSource[], options: HandOverOptions): void {
  beginHandOver(sources, options).now();
}

/** Batches of one record each, with these bodies. */
function bodies(...names: readonly string[]): PlainLogRecord[] {
  return names.map((name) => sampleLogRecord(name));
}

describe('beginHandOver', () => {
  it('delivers all three signals from a detached process', async () => {
    const sources: AnyHandOverSource[] = [];
    const nothingLost = () => {
      throw new Error('nothing should be lost');
    };
    const connect = async (signal: string) => {
      const connection = sampleConnection(`${collector.httpUrl}/v1/${signal}`, {
        headers: async () => ({ 'x-key': 'secret' }),
      });
      const headers = headerSource(connection);
      await headers.ask(1000);
      return { connection, lastHeaders: headers.last, recordLost: nothingLost };
    };
    sources.push({
      signal: 'traces',
      ...(await connect('traces')),
      drain: () => [{ id: 'a', items: [sampleSpan('session_task.turn')] }],
    });
    sources.push({
      signal: 'logs',
      ...(await connect('logs')),
      drain: () => [{ id: 'b', items: sampleLogRecords(3) }],
    });
    sources.push({
      signal: 'metrics',
      ...(await connect('metrics')),
      drain: () => [{ id: 'c', items: [sampleMetrics('codex.tool.call')] }],
    });
    handOver(sources, { command });
    await collector.waitFor(
      (seen) => seen.spans().length === 1 && seen.logRecords().length === 3 && seen.metrics().length === 1,
    );
    expect(collector.spans()[0]?.name).toBe('session_task.turn');
    expect(collector.requests().every(({ headers }) => headers['x-key'] === 'secret')).toBe(true);
  });

  it.each(['http/json', 'grpc'] as const)('speaks %s', async (protocol) => {
    const url = protocol === 'grpc' ? collector.grpcUrl : `${collector.httpUrl}/v1/logs`;
    handOver([await logSource(sampleConnection(url, { protocol }), sampleLogRecords(2))], { command });
    await collector.waitFor((seen) => seen.logRecords().length === 2);
  });

  it('delivers after a collector that was down is up again', async () => {
    await collector.behave({ kind: 'status', code: 503, times: 2 });
    handOver([await logSource(sampleConnection(`${collector.httpUrl}/v1/logs`), sampleLogRecords(2))], { command });
    await collector.waitFor((seen) => seen.logRecords().length === 2);
  });

  it('delivers a long queue, batch by batch', async () => {
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    handOver([await logSource(connection, sampleLogRecords(2000))], { command });
    await collector.waitFor((seen) => seen.logRecords().length === 2000);
    expect(collector.requests()).toHaveLength(4);
    const bodies = new Set(collector.logRecords().map(({ body }) => body));
    expect(bodies.size).toBe(2000);
  });

  it('lets the uploader ask the command for headers that were never known', async () => {
    const helper = [process.execPath, '-e', 'console.log(JSON.stringify({ authorization: "Bearer fresh" }))'];
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`, {
      headers: headersFromHelper({ command: helper }),
    });
    handOver([await logSource(connection, sampleLogRecords(1), { askFirst: false })], { command });
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    expect(collector.requests()[0]?.headers.authorization).toBe('Bearer fresh');
  });

  it('gives the environment only to the command for headers, not to the uploader', async () => {
    // What the command prints: its own variable, and whether the uploader that runs it has that in its environment.
    const program =
      "const { readFileSync } = require('node:fs');" +
      "const seen = readFileSync('/proc/' + process.ppid + '/environ', 'utf8').includes('hunter2');" +
      "console.log(JSON.stringify({ authorization: process.env.COLLECTOR_TOKEN ?? 'none', 'x-seen': String(seen) }))";
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`, {
      headers: headersFromHelper({ command: [process.execPath, '-e', program] }),
    });
    process.env.COLLECTOR_TOKEN = 'hunter2';
    try {
      handOver([await logSource(connection, sampleLogRecords(1), { askFirst: false })], { command });
    } finally {
      delete process.env.COLLECTOR_TOKEN;
    }
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    expect(collector.requests()[0]?.headers).toMatchObject({ authorization: 'hunter2', 'x-seen': 'false' });
  });

  it('counts as lost what needs headers from a function that was never called', async () => {
    const lost: Lost = { items: [] };
    const connection = sampleConnection(collector.httpUrl, { headers: async () => ({ a: 'b' }) });
    handOver([await logSource(connection, sampleLogRecords(2), { askFirst: false, lost })], { command });
    expect(lost.items).toHaveLength(2);
  });

  it('counts as lost what goes over the limit of a payload', async () => {
    const lost: Lost = { items: [] };
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    const items = [...sampleLogRecords(512), sampleLogRecord('x'.repeat(1_000_000))];
    handOver([await logSource(connection, items, { lost })], { command, maxBytes: 500_000 });
    expect(lost.items).toEqual([items[512]]);
    await collector.waitFor((seen) => seen.logRecords().length === 512);
  });

  it.each([
    ['there is no uploader', undefined],
    ['the uploader does not exist', ['/nowhere/node']],
    ['the command is empty', []],
  ])('counts as lost what is queued when %s', async (_reason, missing) => {
    const lost: Lost = { items: [] };
    handOver([await logSource(sampleConnection(collector.httpUrl), sampleLogRecords(2), { lost })], {
      command: missing,
    });
    expect(lost.items).toHaveLength(2);
  });

  it('says how much is lost in data points, records and spans', async () => {
    const lines = captureDiag();
    const metrics = { ...(await logSource(sampleConnection(collector.httpUrl), [])), signal: 'metrics' as const };
    const drain = () => [{ id: 'a', items: [sampleMetrics('codex.a'), sampleMetrics('codex.b')] }];
    handOver([{ ...metrics, drain, recordLost: () => 25 }], { command: undefined });
    diag.disable();
    const errors = lines.filter(({ level }) => level === 'error').map(({ text }) => text);
    expect(errors).toEqual([expect.stringContaining('25 queued at exit are lost')]);
  });

  it('counts a batch with a value that is not plain data as lost, and hands the others over', async () => {
    const lost: Lost = { items: [] };
    const source = await logSource(sampleConnection(`${collector.httpUrl}/v1/logs`), sampleLogRecords(1), { lost });
    const noData = { ...sampleLogRecord('a'), body: () => 1 } as unknown as PlainLogRecord;
    const drain = () => [...batchesOf(sampleLogRecords(1)), { id: 'b', items: [noData] }];
    handOver([{ ...(source as HandOverSource<'logs'>), drain }], { command });
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    expect(lost.items).toEqual([noData]);
  });

  it('starts at most eight uploaders while the process runs, and one more at its exit', async () => {
    const lost: Lost = { items: [] };
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    const shared = globalThis as { [key: symbol]: { count: number } };
    const running = { count: 8 };
    shared[Symbol.for('@codex-otel/provider.uploaders.v1')] = running;
    await beginHandOver([await logSource(connection, sampleLogRecords(1), { lost })], { command }).inPieces(
      monotonicMillis() + 60_000,
    );
    expect(lost.items).toHaveLength(1);
    handOver([await logSource(connection, sampleLogRecords(1), { lost })], { command });
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    expect(lost.items).toHaveLength(1);
    running.count -= 8;
  });

  it('has one uploader take what several providers hand over at exit', async () => {
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    const sources = await Promise.all(['a', 'b', 'c'].map((name) => logSource(connection, bodies(name))));
    const shared = globalThis as { [key: symbol]: { count: number } };
    sharePayloads(monotonicMillis() + 60_000, () => {
      for (const source of sources) handOver([source], { command });
    });
    expect(shared[Symbol.for('@codex-otel/provider.uploaders.v1')]?.count).toBe(1);
    await collector.waitFor((seen) => seen.logRecords().length === 3);
    expect(
      collector
        .logRecords()
        .map(({ body }) => body)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
  });

  it('leaves the event loop free between its pieces, and counts what does not fit into its time', async () => {
    const lost: Lost = { items: [] };
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    const source = await logSource(connection, sampleLogRecords(5120), { lost });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const lines = captureDiag();
    await beginHandOver([source], { command: ['/bin/true'] }).inPieces(monotonicMillis() + 60_000);
    expect(turns).toBeGreaterThan(0);
    clearInterval(timer);
    expect(lost.items).toEqual([]);
    await beginHandOver([source], { command: ['/bin/true'] }).inPieces(monotonicMillis());
    diag.disable();
    // Eight batches are handed over in any case.
    expect(lost.items).toHaveLength(1024);
    expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining('dropped at exit: there was no time'));
  });

  it('empties the queue of each signal in a separate turn of the event loop', async () => {
    const source = await logSource(sampleConnection(collector.httpUrl), []);
    const drained: string[] = [];
    const named = (name: string) =>
      ({
        ...source,
        drain: () => {
          drained.push(name);
          return [];
        },
      }) as AnyHandOverSource;
    const inPieces = beginHandOver([named('a'), named('b')], { command }).inPieces(monotonicMillis() + 60_000);
    expect(drained).toEqual(['a']);
    await inPieces;
    expect(drained).toEqual(['a', 'b']);
  });

  it('hands over the most important first, then the newest', async () => {
    const written: string[] = [];
    const keepSync = (_signal: unknown, { id }: { readonly id: string }): SpillResult => {
      written.push(id);
      return 'taken';
    };
    const source = await logSource(sampleConnection(collector.httpUrl), []);
    const drain = () => [
      { id: 'oldest', items: bodies('a') },
      { id: 'newest', items: bodies('b') },
      { id: 'usage', items: bodies('c'), isImportant: true },
    ];
    handOver([{ ...source, drain } as AnyHandOverSource], { command, spool: { keepSync } });
    expect(written).toEqual(['usage', 'newest', 'oldest']);
  });

  it('finishes at exit what it had begun in pieces', async () => {
    const lost: Lost = { items: [] };
    const connection = sampleConnection(`${collector.httpUrl}/v1/logs`);
    const begun = beginHandOver([await logSource(connection, sampleLogRecords(2000), { lost })], { command });
    const inPieces = begun.inPieces(monotonicMillis() + 60_000);
    sharePayloads(monotonicMillis() + 60_000, () => begun.now());
    await inPieces;
    expect(lost.items).toEqual([]);
    await collector.waitFor((seen) => seen.logRecords().length === 2000);
  });

  it('starts nothing when nothing is queued', async () => {
    const lost: Lost = { items: [] };
    handOver([await logSource(sampleConnection(collector.httpUrl), [], { lost })], { command: ['/nowhere/node'] });
    expect(lost.items).toHaveLength(0);
  });

  it('leaves no file behind and puts no header where other processes see it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hand-over-'));
    const witness = path.join(folder, 'witness.mjs');
    const seen = path.join(folder, 'seen.json');
    writeFileSync(
      witness,
      `import { fstatSync, readFileSync, writeFileSync } from 'node:fs';
       const bytes = readFileSync(0);
       const { nlink, mode } = fstatSync(0);
       const shown = JSON.stringify([process.argv, process.env]);
       writeFileSync(${JSON.stringify(seen)}, JSON.stringify({
         links: nlink, mode: mode & 0o777, inPayload: bytes.includes('very-secret'), inView: shown.includes('very-secret'),
       }));`,
    );
    const connection = sampleConnection(collector.httpUrl, { headers: async () => ({ authorization: 'very-secret' }) });
    handOver([await logSource(connection, sampleLogRecords(1))], { command: [process.execPath, witness] });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`codex-otel-${process.pid}-`))).toEqual([]);
    const { readFile } = await import('node:fs/promises');
    let report = '';
    for (let tries = 0; report === '' && tries < 500; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      report = await readFile(seen, 'utf8').catch(() => '');
    }
    expect(JSON.parse(report)).toEqual({ links: 0, mode: 0o600, inPayload: true, inView: false });
    rmSync(folder, { recursive: true });
  });
});
