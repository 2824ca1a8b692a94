import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Circuit } from '../../src/outlet/circuit.ts';
import { processClock } from '../../src/outlet/clock.ts';
import { writeFrame } from '../../src/records/frames.ts';
import { SpoolAgeing } from '../../src/spool/spool-ageing.ts';
import { SpoolDelivery } from '../../src/spool/spool-delivery.ts';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { spoolFileName } from '../../src/spool/spool-file.ts';
import { SpoolToken } from '../../src/spool/spool-token.ts';

const DESTINATION = '0123456789abcdef';
const directory = path.join(mkdtempSync(path.join(tmpdir(), 'spool-short-')), 'spool');

afterEach(() => rmSync(path.dirname(directory), { recursive: true, force: true }));

/** A process cannot be brought to its last descriptor without the test runner in it. */
class ShortDirectory extends SpoolDirectory {
  code: string | undefined;
  refused = 0;

  override async read(...file: Parameters<SpoolDirectory['read']>): Promise<Buffer> {
    if (this.code === undefined) return super.read(...file);
    this.refused += 1;
    throw Object.assign(new Error(`${this.code}: too many open files`), { code: this.code });
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('did not come about within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a spool whose process is short of what it needs to read a file', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOMEM'])('keeps the batch, and sends it later: %s', async (code) => {
    mkdirSync(directory, { mode: 0o700, recursive: true });
    const folder = new ShortDirectory({ directory, maxBytes: 1_000_000 });
    const name = spoolFileName(Date.now(), 'batch1', DESTINATION, 'logs');
    await folder.write(name, writeFrame({ signal: 'logs', id: 'batch1', items: [{}] }));
    const sent: string[] = [];
    const delivery = new SpoolDelivery({
      directory: folder,
      token: new SpoolToken(directory),
      ageing: new SpoolAgeing(directory),
      routes: [
        {
          destination: DESTINATION,
          signal: 'logs',
          send: async ({ id }) => {
            sent.push(id);
            return { kind: 'delivered' };
          },
        },
      ],
      maxAgeMillis: 3_600_000,
      circuit: new Circuit(Math.random),
      clock: processClock,
      countLost: () => undefined,
    });
    folder.code = code;
    delivery.collectorAnswers();
    await until(() => folder.refused > 0);
    // The token is given back when the round is over.
    await until(() => readdirSync(directory).includes('sender'));
    expect(readdirSync(directory)).toContain(name);
    folder.code = undefined;
    delivery.collectorAnswers();
    await until(() => sent.length > 0);
    await until(() => !readdirSync(directory).includes(name));
    delivery.close();
    expect(sent).toEqual(['batch1']);
  });
});
