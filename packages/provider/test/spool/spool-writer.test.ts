import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import { encodeBatch } from '../../src/records/encode-batch.ts';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { parseSpoolFileName } from '../../src/spool/spool-file.ts';
import { SpoolWriter } from '../../src/spool/spool-writer.ts';
import { captureDiag } from '../diag-lines.ts';
import { sampleLogRecord, sampleLogRecords } from '../transport/telemetry-samples.ts';

const DESTINATION = '0123456789abcdef';

let folder: string;
let said: ReturnType<typeof captureDiag>;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-writer-'));
  said = captureDiag();
  said.length = 0;
});
afterEach(() => {
  diag.disable();
  rmSync(folder, { recursive: true });
});

const batch = (id: string) => ({ id, items: sampleLogRecords(1) });
const writerWith = (maxBytes: number) =>
  new SpoolWriter({
    directory: new SpoolDirectory({ directory: folder, maxBytes }),
    destinations: { logs: DESTINATION },
  });

describe('SpoolWriter', () => {
  it('names a batch after its time, id, collector and signal', async () => {
    const before = Date.now();
    expect(await writerWith(1e6).write('logs', batch('a-1'))).toBe('taken');
    expect(writerWith(1e6).writeSync('logs', batch('a-2'))).toBe('taken');
    for (const name of readdirSync(folder)) {
      expect(parseSpoolFileName(name)).toMatchObject({ destination: DESTINATION, signal: 'logs' });
      expect(parseSpoolFileName(name)?.writtenAtUnixMillis).toBeGreaterThanOrEqual(before);
    }
    expect(readdirSync(folder).map((name) => name.split('-')[1])).toEqual(['a1', 'a2']);
  });

  it.each(['write', 'writeSync'] as const)(
    'fills the spool to its limit, and reports once that it is full: %s',
    async (how) => {
      const writer = writerWith(2 * encodeBatch('logs', batch('a').items, 'a').length);
      const results: string[] = [];
      for (const id of ['a', 'b', 'c', 'd']) results.push(await writer[how]('logs', batch(id)));
      expect(results).toEqual(['taken', 'taken', 'refused', 'refused']);
      expect(readdirSync(folder)).toHaveLength(2);
      expect(said).toEqual([
        {
          level: 'error',
          text: 'codex-otel/provider: the spool cannot be written, telemetry waits in memory: it is full',
        },
      ]);
    },
  );

  it('refuses a signal whose collector is not known', async () => {
    const writer = writerWith(1e6);
    expect([
      await writer.write('traces', { id: 'a', items: [] }),
      writer.writeSync('metrics', { id: 'b', items: [] }),
    ]).toEqual(['refused', 'refused']);
    expect(readdirSync(folder)).toEqual([]);
    expect(said.map(({ text }) => text.split(': ').at(-1))).toEqual([
      'no collector of traces is known',
      'no collector of metrics is known',
    ]);
  });

  it('reports that it can write again', async () => {
    const writer = writerWith(3000);
    expect(writer.writeSync('logs', { id: 'large', items: [sampleLogRecord('x'.repeat(4000))] })).toBe('refused');
    expect(await writer.write('logs', batch('a'))).toBe('taken');
    expect(said[1]).toEqual({ level: 'info', text: 'codex-otel/provider: the spool can be written again' });
  });
});
