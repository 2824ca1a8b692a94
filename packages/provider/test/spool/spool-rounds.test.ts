import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtelSignal } from '@codex-otel/config';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import { Circuit } from '../../src/outlet/circuit.ts';
import { encodeBatch } from '../../src/records/encode-batch.ts';
import { writeFrame } from '../../src/records/frames.ts';
import { SpoolAgeing } from '../../src/spool/spool-ageing.ts';
import type { SpoolResult } from '../../src/spool/spool-delivery.ts';
import { SpoolDelivery } from '../../src/spool/spool-delivery.ts';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { spoolFileName } from '../../src/spool/spool-file.ts';
import { SpoolToken } from '../../src/spool/spool-token.ts';
import type { DiagLine } from '../diag-lines.ts';
import { captureDiag } from '../diag-lines.ts';
import { sampleLogRecords, sampleMetrics } from '../transport/telemetry-samples.ts';
import type { RecordingClock } from './recording-clock.ts';
import { recordingClock } from './recording-clock.ts';

const DAY = 86_400_000;
const LOOK_AGAIN = 30_000;
const OURS = '0123456789abcdef';
const reset: SpoolResult = { kind: 'retryable', reason: 'cut off', brokenOff: 'reset' };

let folder: string;
let clock: RecordingClock;
let waits: number[];
/** Ids in the order in which they were sent, marked if sent in parts. */
let sent: string[];
/** The results of batches; the default is delivered. */
let answer: (id: string, inParts: boolean) => SpoolResult;
let lost: string[];
let said: DiagLine[];
let directory: SpoolDirectory;
let token: SpoolToken;
let delivery: SpoolDelivery;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-rounds-'));
  clock = recordingClock();
  ({ waits } = clock);
  [sent, lost] = [[], []];
  answer = () => ({ kind: 'delivered' });
  said = captureDiag();
  said.length = 0;
  directory = new SpoolDirectory({ directory: folder, maxBytes: 1e6 });
  token = new SpoolToken(folder);
  const route = (signal: OtelSignal) => ({
    destination: OURS,
    signal,
    send: async ({ id }: { readonly id: string }, { inParts }: { readonly inParts: boolean }) => {
      sent.push(inParts === false ? id : `${id} in parts: ${inParts}`);
      return answer(id, inParts);
    },
  });
  delivery = new SpoolDelivery({
    directory,
    token,
    ageing: new SpoolAgeing(folder),
    maxAgeMillis: DAY,
    circuit: new Circuit(() => 1),
    clock,
    routes: [route('logs'), route('metrics')],
    countLost: (signal, reason, items) => lost.push(`${signal} ${reason} ${items}`),
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  delivery.close();
  diag.disable();
  rmSync(folder, { recursive: true });
});

/** Puts a batch into the spool; batches are sent in the order in which they were put in. @returns its file */
function plant(
  id: string,
  {
    count = 1,
    ageMillis = 0,
    signal = 'logs',
    bytes,
  }: { count?: number; ageMillis?: number; signal?: OtelSignal; bytes?: Uint8Array } = {},
) {
  const name = spoolFileName(Date.now() - 10_000 + planted++ - ageMillis, id, OURS, signal);
  const batch =
    signal === 'metrics'
      ? encodeBatch('metrics', [sampleMetrics('codex.a')], id)
      : encodeBatch('logs', sampleLogRecords(count), id);
  writeFileSync(path.join(folder, name), bytes ?? batch, { mode: 0o600 });
  return name;
}
let planted = 0;

const left = () => readdirSync(folder).filter((name) => name.endsWith('.batch'));
const lines = () => said.map(({ level, text }) => `${level}: ${text.replace('codex-otel/provider: ', '')}`);

/** Lets a round start and end; then the timer of the next one is set. */
async function round(afterMillis = 0): Promise<void> {
  delivery.beginAfter(afterMillis);
  await clock.pass(afterMillis);
}

describe('a round of the spool', () => {
  it('leaves nothing in a directory that is empty', async () => {
    await round();
    expect([readdirSync(folder), waits]).toEqual([[], [0, LOOK_AGAIN]]);
    expect(said).toEqual([]);
  });

  it('looks for new batches until there are none', async () => {
    plant('one');
    answer = (id) => {
      if (id === 'one') plant('two');
      return { kind: 'delivered' };
    };
    await round();
    expect([sent, left()]).toEqual([['one', 'two'], []]);
  });

  it('ends when the spool is closed, without a further round', async () => {
    plant('one');
    plant('two');
    answer = () => {
      delivery.close();
      return { kind: 'delivered' };
    };
    delivery.beginAfter(0);
    await clock.advance(0);
    while (!readdirSync(folder).includes('sender')) await new Promise((resolve) => setTimeout(resolve, 10));
    expect([sent, left().length]).toEqual([['one'], 1]);
    await clock.advance(LOOK_AGAIN);
    expect([sent, clock.timers(), waits]).toEqual([['one'], 0, [0]]);
  });

  it('ends when another process has taken the token', async () => {
    plant('one');
    plant('two');
    answer = () => {
      const own = readdirSync(folder).find((name) => name.startsWith('sender.')) ?? '';
      renameSync(path.join(folder, own), path.join(folder, 'sender.elsewhere.1.x'));
      return { kind: 'delivered' };
    };
    await round();
    expect([sent, left().length, waits]).toEqual([['one'], 1, [0, LOOK_AGAIN]]);
  });

  it('does not start while another one runs', async () => {
    plant('one');
    let proceed = (): void => {};
    const blocked = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const list = directory.list.bind(directory);
    directory.list = async (...which) => {
      await blocked;
      return list(...which);
    };
    delivery.beginAfter(0);
    await clock.advance(0);
    delivery.beginAfter(0);
    await clock.advance(0);
    proceed();
    await round(LOOK_AGAIN);
    expect(sent).toEqual(['one']);
  });

  it('skips a batch that another process has sent meanwhile', async () => {
    plant('one');
    const two = plant('two');
    plant('three');
    answer = () => {
      rmSync(path.join(folder, two), { force: true });
      return { kind: 'delivered' };
    };
    await round();
    expect([sent, lost, said, existsSync(path.join(folder, 'set-aside'))]).toEqual([['one', 'three'], [], [], false]);
  });

  it.each([
    ['an id of a hundred characters', { signal: 'logs', id: 'x'.repeat(100), items: [] }, true],
    ['a longer one', { signal: 'logs', id: 'x'.repeat(101), items: [] }, false],
    ['an id with a blank', { signal: 'logs', id: 'a b', items: [] }, false],
    ['an id that is a number', { signal: 'logs', id: 5, items: [] }, false],
    ['items that are not a list', { signal: 'logs', id: 'a', items: {} }, false],
    ['another signal', { signal: 'metrics', id: 'a', items: [] }, false],
    ['nothing', null, false],
  ])('sends a frame with %s, or sets it aside', async (_what, frame, isSent) => {
    const name = plant('odd', { bytes: writeFrame(frame) });
    await round();
    expect([sent.length, left()]).toEqual([isSent ? 1 : 0, []]);
    expect(lines()).toEqual(
      isSent
        ? []
        : [
            `warn: 1 files in the spool are not valid batches and were set aside; ${name}: it contains something other than a batch`,
          ],
    );
  });

  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY', 'EINTR'])(
    'keeps a batch that cannot be read now, and reports it once: %s',
    async (code) => {
      plant('one');
      const read = directory.read.bind(directory);
      directory.read = () => Promise.reject(Object.assign(new Error('short'), { code }));
      await round();
      await round();
      expect([sent, left().length, waits.at(-1)]).toEqual([[], 1, LOOK_AGAIN]);
      directory.read = read;
      await round();
      expect(sent).toEqual(['one']);
      expect(lines()).toEqual([
        `error: the spool cannot be read: short (${code})`,
        'info: the spool can be read again',
      ]);
    },
  );

  it('sets aside a file that can never be read', async () => {
    const name = plant('one');
    directory.read = () => Promise.reject(Object.assign(new Error('broken'), { code: 'EIO' }));
    await round();
    expect(readdirSync(path.join(folder, 'set-aside'))).toEqual([name]);
    expect(lines()).toEqual([
      `warn: 1 files in the spool are not valid batches and were set aside; ${name}: broken (EIO)`,
    ]);
  });

  it('reports nothing if the directory is gone after the end', async () => {
    plant('one');
    directory.list = () => {
      delivery.close();
      return Promise.reject(new Error('gone'));
    };
    delivery.beginAfter(0);
    await clock.advance(0);
    expect(said).toEqual([]);
  });
});

describe('a batch of the spool', () => {
  it('that is cut off again is sent in parts', async () => {
    plant('bad', { count: 2 });
    answer = (_id, inParts) => (inParts ? { kind: 'delivered', rejectedItems: 1, message: 'too large' } : reset);
    await round();
    await round(waits.at(-1));
    expect([sent, left(), lost]).toEqual([['bad', 'bad', 'bad in parts: true'], [], ['logs failed 1']]);
    expect(waits.at(-1)).toBe(LOOK_AGAIN);
  });

  it('is divided if it is one collection of metrics, but not if it is one record', async () => {
    plant('record');
    plant('points', { signal: 'metrics' });
    answer = (_id, inParts) => (inParts ? { kind: 'delivered' } : reset);
    await round();
    for (let more = 0; more < 3; more += 1) await round(waits.at(-1));
    expect(sent).toContain('points in parts: true');
    expect(sent).not.toContain('record in parts: true');
  });

  it('waits for the collector if a part of it cannot be sent', async () => {
    plant('bad', { count: 2 });
    answer = (_id, inParts) => (inParts ? { kind: 'retryable', reason: 'busy', retryAfterMillis: 7000 } : reset);
    await round();
    await round(waits.at(-1));
    expect([left().length, waits.at(-1), lost]).toEqual([1, 7000, []]);
  });

  it.each<[string, SpoolResult, readonly string[], readonly string[]]>([
    ['delivered', { kind: 'delivered' }, [], []],
    ['delivered, with nothing rejected', { kind: 'delivered', rejectedItems: 0, message: 'hello' }, [], []],
    [
      'rejected in part',
      { kind: 'delivered', rejectedItems: 1, message: 'no room' },
      ['logs failed 1'],
      ['warn: logs: the collector rejected 1 from the spool: no room'],
    ],
    [
      'rejected without a reason, and more than there were',
      { kind: 'delivered', rejectedItems: 9, message: '' },
      ['logs failed 2'],
      ['warn: logs: the collector rejected 9 from the spool: no reason given'],
    ],
    [
      'delivered but for what could not be encoded',
      { kind: 'delivered', unencoded: { items: 1, reason: 'odd' } },
      ['logs failed 1'],
      ['error: logs: 1 in the spool are lost: odd'],
    ],
    [
      'refused',
      { kind: 'failed', reason: 'HTTP 400' },
      ['logs failed 2'],
      ['error: logs: 2 in the spool were refused: HTTP 400'],
    ],
    [
      'of another version',
      { kind: 'unsendable', reason: 'odd' },
      ['logs failed 2'],
      ['warn: 1 files in the spool are not valid batches and were set aside; NAME: odd'],
    ],
  ])('is %s, which is counted and reported', async (_what, result, counted, told) => {
    const name = plant('one', { count: 2 });
    answer = () => result;
    await round();
    expect([left(), lost, waits]).toEqual([[], counted, [0, LOOK_AGAIN]]);
    expect(lines()).toEqual(told.map((line) => line.replace('NAME', name)));
  });

  it('that waits is reported once, and once more when it is sent', async () => {
    plant('one', { count: 2 });
    answer = () => ({ kind: 'retryable', reason: 'HTTP 503' });
    await round();
    await round(waits.at(-1));
    answer = () => ({ kind: 'delivered' });
    await round(waits.at(-1));
    await round(waits.at(-1));
    expect(lines()).toEqual([
      'error: what waits in the spool cannot be sent now: HTTP 503',
      'info: what waits in the spool is sent again',
    ]);
  });

  it('that is cut off is reported, reported again when it is given up, and then forgotten', async () => {
    plant('bad', { count: 1 });
    answer = (id) => (id === 'bad' ? reset : { kind: 'delivered' });
    for (let more = 0; more < 10 && left().length > 0; more += 1) {
      await round(waits.at(-1));
      plant(`good${more}`);
    }
    await round(waits.at(-1));
    expect([lost, waits.at(-1)]).toEqual([['logs failed 1'], LOOK_AGAIN]);
    expect(lines()).toEqual([
      'error: what waits in the spool cannot be sent now: 1 are retried after the others: cut off',
      'info: what waits in the spool is sent again',
      'error: logs: 1 in the spool were refused: cut off',
    ]);
  });

  it('that is too old is reported with the others, and then forgotten', async () => {
    plant('bad', { count: 3, ageMillis: DAY - 3_600_000 });
    answer = () => reset;
    await round();
    expect(left()).toHaveLength(1);
    plant('old', { count: 2, ageMillis: DAY });
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 7_200_000);
    await round(waits.at(-1));
    expect([left(), lost.sort(), waits.at(-1)]).toEqual([[], ['logs dropped 2', 'logs dropped 3'], LOOK_AGAIN]);
    expect(lines().at(-1)).toBe('warn: 5 in the spool were too old and are dropped');
  });
});

describe('collectorAnswers', () => {
  it('makes the next attempts soon once batches arrive', async () => {
    plant('one');
    answer = () => ({ kind: 'retryable', reason: 'busy', retryAfterMillis: 20_000 });
    await round();
    expect(waits).toEqual([0, 20_000]);
    answer = () => ({ kind: 'delivered' });
    delivery.collectorAnswers();
    expect(waits).toEqual([0, 20_000, 0]);
    await round();
    delivery.batchArrived();
    expect(waits.at(-1)).toBe(1000);
    expect(readFileSync(path.join(folder, 'last-seen'), 'utf8')).toMatch(/^\d+ 0$/);
  });
});
