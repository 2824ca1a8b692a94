import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Circuit } from '../../src/outlet/circuit.ts';
import { encodeBatch } from '../../src/records/encode-batch.ts';
import { SpoolAgeing } from '../../src/spool/spool-ageing.ts';
import type { SpoolResult } from '../../src/spool/spool-delivery.ts';
import { SpoolDelivery } from '../../src/spool/spool-delivery.ts';
import { SpoolDirectory } from '../../src/spool/spool-directory.ts';
import { hostName, spoolFileName } from '../../src/spool/spool-file.ts';
import { SpoolToken } from '../../src/spool/spool-token.ts';
import { sampleLogRecords } from '../transport/telemetry-samples.ts';
import type { RecordingClock } from './recording-clock.ts';
import { recordingClock } from './recording-clock.ts';

const DAY = 86_400_000;
const LOOK_AGAIN = 30_000;
const OURS = '0123456789abcdef';
const THEIRS = 'fedcba9876543210';
const delivered: SpoolResult = { kind: 'delivered' };
const away: SpoolResult = { kind: 'retryable', reason: 'away' };
const reset: SpoolResult = { kind: 'retryable', reason: 'cut off', brokenOff: 'reset' };

let folder: string;
let clock: RecordingClock;
/** What each timer waited for, in order. */
let waits: number[];
/** Ids in the order in which they were sent. */
let sent: string[];
/** The collector's answer to a batch; by default all are delivered. */
let answers: Record<string, SpoolResult>;
let lost: string[];
let delivery: SpoolDelivery;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'spool-delivery-'));
  clock = recordingClock();
  ({ waits } = clock);
  [sent, lost, answers] = [[], [], {}];
  delivery = start();
});
afterEach(() => {
  delivery.close();
  rmSync(folder, { recursive: true });
});

function start(): SpoolDelivery {
  const directory = new SpoolDirectory({ directory: folder, maxBytes: 1e9 });
  return new SpoolDelivery({
    directory,
    token: new SpoolToken(folder),
    ageing: new SpoolAgeing(folder),
    maxAgeMillis: DAY,
    circuit: new Circuit(() => 1),
    clock,
    routes: [
      {
        destination: OURS,
        signal: 'logs',
        send: async ({ id }) => {
          sent.push(id);
          return answers[id] ?? delivered;
        },
      },
    ],
    countLost: (signal, reason, items) => lost.push(`${signal} ${reason} ${items}`),
  });
}

function plant(id: string, { ageMillis = 0, to = OURS } = {}): void {
  const name = spoolFileName(Date.now() - ageMillis, id, to, 'logs');
  writeFileSync(path.join(folder, name), encodeBatch('logs', sampleLogRecords(1), id), { mode: 0o600 });
}

const left = () => readdirSync(folder).filter((name) => name.endsWith('.batch')).length;

/** Lets time pass, and waits until the rounds that begin meanwhile have ended and the next one is scheduled. */
const pass = (millis: number) => clock.pass(millis);

describe('SpoolDelivery', () => {
  it('sends what is there, and looks again half a minute later', async () => {
    plant('one');
    delivery.beginAfter(100);
    await pass(99);
    expect(sent).toEqual([]);
    await pass(1);
    expect([sent, left(), waits]).toEqual([['one'], 0, [100, LOOK_AGAIN]]);
    plant('two');
    await pass(LOOK_AGAIN);
    expect(sent).toEqual(['one', 'two']);
  });

  it('begins earlier if requested, never later', async () => {
    delivery.beginAfter(500);
    delivery.beginAfter(500);
    delivery.beginAfter(900);
    delivery.beginAfter(200);
    expect(waits).toEqual([500, 200]);
    expect(clock.timers()).toBe(1);
  });

  it('does not touch a spool that another process sends from, and takes over when that has ended', async () => {
    plant('one');
    const held = path.join(folder, `sender.${hostName()}.${process.ppid}.other`);
    writeFileSync(held, '', { mode: 0o600 });
    delivery.beginAfter(0);
    await pass(0);
    expect([sent, waits]).toEqual([[], [0, LOOK_AGAIN]]);
    rmSync(held);
    await pass(LOOK_AGAIN);
    expect(sent).toEqual(['one']);
  });

  it('stops at the first batch that a collector refuses, for as long as the collector asks', async () => {
    for (const [index, id] of ['one', 'two', 'three'].entries()) plant(id, { ageMillis: 100 - index });
    answers = { one: { kind: 'retryable', reason: 'busy', retryAfterMillis: 7000 } };
    delivery.beginAfter(0);
    await pass(0);
    expect([sent, waits]).toEqual([['one'], [0, 7000]]);
    // The collector is known to be down, so what arrives waits with the others.
    delivery.batchArrived();
    expect(waits).toEqual([0, 7000]);
    answers = {};
    await pass(7000);
    expect(sent).toEqual(['one', 'one', 'two', 'three']);
    expect(left()).toBe(0);
  });

  it('tries again at once when the collector has taken something else', async () => {
    plant('one');
    answers = { one: away };
    delivery.beginAfter(0);
    await pass(0);
    answers = {};
    delivery.collectorAnswers();
    await pass(0);
    expect(sent).toEqual(['one', 'one']);
  });

  it('sends what arrives soon after it arrived', async () => {
    plant('one');
    delivery.batchArrived();
    expect(waits).toEqual([1000]);
    await pass(1000);
    expect(sent).toEqual(['one']);
  });

  it('sends a batch that cuts the connection after the others, and then not for a while', async () => {
    for (const [index, id] of ['bad', 'good', 'better'].entries()) plant(id, { ageMillis: 100 - index });
    answers = { bad: reset };
    delivery.beginAfter(0);
    await pass(0);
    expect(sent).toEqual(['bad', 'good', 'better']);
    expect(waits).toEqual([0, 1000]);
    plant('new');
    delivery.beginAfter(10);
    await pass(10);
    expect(sent).toEqual(['bad', 'good', 'better', 'new']);
    plant('last');
    answers = {};
    await pass(waits.at(-1) ?? 0);
    expect(sent.slice(4)).toEqual(['last', 'bad']);
    expect(left()).toBe(0);
  });

  it('gives up a batch that is cut off again and again while others pass, and counts it', async () => {
    plant('bad');
    answers = { bad: reset };
    delivery.beginAfter(0);
    for (let round = 0; round < 10 && left() > 0; round += 1) {
      await pass(waits.at(-1) ?? 0);
      plant(`good${round}`);
    }
    await pass(waits.at(-1) ?? 0);
    expect(lost).toEqual(['logs failed 1']);
    expect(left()).toBe(0);
  });

  it('drops what is too old, of its own and of others, and counts it', async () => {
    plant('old', { ageMillis: DAY + 60_000 });
    plant('young', { ageMillis: DAY - 60_000 });
    plant('foreign', { ageMillis: DAY + 60_000, to: THEIRS });
    plant('foreign-too', { ageMillis: DAY - 60_000, to: THEIRS });
    delivery.beginAfter(0);
    await pass(0);
    expect(sent).toEqual(['young']);
    expect(lost).toEqual(['logs dropped 1', 'logs dropped 1']);
    expect(left()).toBe(1);
  });

  it('looks every ten minutes for batches that nobody will send, even if it has none of its own', async () => {
    plant('foreign', { ageMillis: 2 * DAY, to: THEIRS });
    delivery.beginAfter(0);
    await pass(0);
    expect([left(), waits]).toEqual([0, [0, LOOK_AGAIN]]);
    plant('later', { ageMillis: 2 * DAY, to: THEIRS });
    for (let waited = 0; waited < 600_000 - LOOK_AGAIN; waited += LOOK_AGAIN) await pass(LOOK_AGAIN);
    expect(left()).toBe(1);
    await pass(LOOK_AGAIN);
    expect(left()).toBe(0);
  });

  it('does not trust ages just after a gap in the use of the spool', async () => {
    writeFileSync(path.join(folder, 'last-seen'), `${Date.now() - 2 * DAY} 0`, { mode: 0o600 });
    plant('old', { ageMillis: 3 * DAY });
    plant('foreign', { ageMillis: 3 * DAY, to: THEIRS });
    delivery.beginAfter(0);
    await pass(0);
    expect([sent, lost, left()]).toEqual([['old'], [], 1]);
  });

  it('counts what the collector refuses or takes in part', async () => {
    answers = {
      refused: { kind: 'failed', reason: 'no' },
      part: { kind: 'delivered', rejectedItems: 5 },
      odd: { kind: 'unsendable', reason: 'odd' },
    };
    for (const [index, id] of ['refused', 'part', 'odd'].entries()) plant(id, { ageMillis: 100 - index });
    delivery.beginAfter(0);
    await pass(0);
    expect(lost).toEqual(['logs failed 1', 'logs failed 1', 'logs failed 1']);
    expect(left()).toBe(0);
    expect(readdirSync(path.join(folder, 'set-aside'))).toHaveLength(1);
  });

  it('looks again even if the spool cannot be read', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    delivery.beginAfter(0);
    await pass(0);
    expect(waits).toEqual([0, LOOK_AGAIN]);
    rmSync(folder);
    mkdirSync(folder, { mode: 0o700 });
    plant('one');
    await pass(LOOK_AGAIN);
    expect(sent).toEqual(['one']);
  });

  it('gives the token back after each round, and does nothing once it is closed', async () => {
    plant('one');
    delivery.beginAfter(0);
    await pass(0);
    expect(readdirSync(folder)).toContain('sender');
    plant('two');
    delivery.close();
    delivery.beginAfter(0);
    delivery.collectorAnswers();
    await clock.advance(LOOK_AGAIN);
    expect([sent, clock.timers()]).toEqual([['one'], 0]);
  });
});
