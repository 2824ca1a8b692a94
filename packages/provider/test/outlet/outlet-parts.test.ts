import { errorReason } from '@codex-otel/config';
import type { Sender, SendOptions, SendResult } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import { backoffMillis } from '../../src/outlet/backoff.ts';
import { halvesOf, isDivisible } from '../../src/outlet/batch-halves.ts';
import { newBatchId } from '../../src/outlet/batch-id.ts';
import { processClock, timerMillis } from '../../src/outlet/clock.ts';
import { FlushWaiters } from '../../src/outlet/flush-waiters.ts';
import { LazySender } from '../../src/outlet/lazy-sender.ts';
import { OutletTally } from '../../src/outlet/outlet-tally.ts';
import { fakeClock } from './fake-clock.ts';
import { watch } from './outlet-rig.ts';

describe('backoffMillis', () => {
  it('doubles up to half a minute, with full jitter, and is never immediate', () => {
    expect([1, 2, 3, 5, 6, 50].map((failures) => backoffMillis(failures, () => 1))).toEqual([
      1000, 2000, 4000, 16_000, 30_000, 30_000,
    ]);
    expect(backoffMillis(3, () => 0.5)).toBe(2000);
    expect(backoffMillis(1, () => 0.049)).toBe(50);
  });
});

describe('newBatchId', () => {
  it('is unique, and contains the time and the process', () => {
    const before = Date.now();
    const [time = '', pid = '', random = ''] = newBatchId().split('-');
    expect(Number.parseInt(time, 36)).toBeGreaterThanOrEqual(before);
    expect(Number.parseInt(pid, 36)).toBe(process.pid);
    expect(random).toMatch(/^[\da-z]{4,}$/);
    expect(new Set(Array.from({ length: 100 }, newBatchId)).size).toBe(100);
  });
});

describe('processClock', () => {
  it('calls back later, unless that is cancelled', async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      processClock.after(1, () => order.push('cancelled')).cancel();
      processClock.after(1, () => order.push('later'));
      processClock.after(1, resolve, { holdsProcess: true });
      order.push('now');
    });
    expect(order).toEqual(['now', 'later']);
  });

  it('calls back in a later turn of the event loop', async () => {
    const order: string[] = [];
    const turn = new Promise<void>((resolve) => {
      processClock.soon(() => {
        order.push('soon');
        resolve();
      });
    });
    await Promise.resolve().then(() => order.push('this turn'));
    await turn;
    expect(order).toEqual(['this turn', 'soon']);
  });

  it('keeps the process alive only with timers that ask for it', () => {
    const holding = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const none = holding();
    const timers = [processClock.after(60_000, () => {}), processClock.after(60_000, () => {}, {})];
    expect(holding()).toBe(none);
    timers.push(processClock.after(60_000, () => {}, { holdsProcess: true }));
    expect(holding()).toBe(none + 1);
    for (const timer of timers) timer.cancel();
    expect(holding()).toBe(none);
  });
});

describe('timerMillis', () => {
  it.each([
    [Number.NaN, 0],
    [-1, 0],
    [0, 0],
    [1.5, 1.5],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
  ])('turns %s into %s', (given, millis) => {
    expect(timerMillis(given)).toBe(millis);
  });
});

describe('FlushWaiters', () => {
  it('settles the flushes whose place is reached and, if nothing can be sent, those that do not wait for a retry', async () => {
    const clock = fakeClock();
    const waiters = new FlushWaiters(clock);
    const settled = [
      watch(waiters.wait(5, 100, true)),
      watch(waiters.wait(6, 100, true)),
      watch(waiters.wait(7, 100, false)),
      watch(waiters.wait(8, 200, true)),
    ];
    const state = async () => {
      await clock.advance(0);
      return settled.map((isSettled) => isSettled());
    };
    expect([waiters.size, clock.holding()]).toEqual([4, 4]);
    waiters.settle(4, false);
    expect(await state()).toEqual([false, false, false, false]);
    waiters.settle(5, false);
    expect(await state()).toEqual([true, false, false, false]);
    waiters.settle(5, true);
    expect(await state()).toEqual([true, false, true, false]);
    expect([waiters.size, clock.holding()]).toEqual([2, 2]);
    await clock.advance(100);
    expect(await state()).toEqual([true, true, true, false]);
    expect([waiters.size, clock.holding()]).toEqual([1, 1]);
  });
});

describe('LazySender', () => {
  const options = (aborted = false): SendOptions => ({
    signal: aborted ? AbortSignal.abort() : new AbortController().signal,
    timeoutMillis: 1000,
    batchId: 'id',
  });
  const delivered: SendResult = { kind: 'delivered' };
  const lazySender = (open: () => Promise<Sender<string>>) => new LazySender(open, errorReason);

  it('opens the sender with the first batch, once, and again if that failed', async () => {
    let opened = 0;
    let closed = 0;
    const sender = lazySender(async () => {
      opened += 1;
      if (opened === 1) throw new Error('not yet');
      return {
        send: async () => delivered,
        close: () => {
          closed += 1;
        },
      };
    });
    sender.close();
    expect(opened).toBe(0);
    expect(await sender.send(['a'], options())).toEqual({ kind: 'retryable', reason: 'not yet' });
    expect(await Promise.all([sender.send(['a'], options()), sender.send(['b'], options())])).toEqual([
      delivered,
      delivered,
    ]);
    expect(await sender.send(['a'], options(true))).toEqual({ kind: 'retryable', reason: 'abandoned' });
    sender.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect([opened, closed]).toEqual([2, 1]);
  });

  it('opens the sender once for batches that fail together', async () => {
    let opened = 0;
    const sender = lazySender(async () => {
      opened += 1;
      throw new Error(`attempt ${opened}`);
    });
    await Promise.all([sender.send(['a'], options()), sender.send(['b'], options())]);
    expect(opened).toBe(1);
    sender.close();
    expect(await sender.send(['a'], options())).toMatchObject({ reason: 'attempt 2' });
  });

  it('keeps a sender that was opened again before an earlier batch noticed the failure', async () => {
    let opened = 0;
    const sender = lazySender(() => {
      opened += 1;
      if (opened === 1) return Promise.reject(new Error('not yet'));
      return Promise.resolve({ send: async () => delivered, close: () => {} });
    });
    const results = [sender.send(['a'], options())];
    const again = new Promise<SendResult>((resolve) => {
      queueMicrotask(() => resolve(sender.send(['b'], options())));
    });
    results.push(sender.send(['c'], options()));
    expect(await Promise.all(results)).toMatchObject([{ reason: 'not yet' }, { reason: 'not yet' }]);
    expect([await again, await sender.send(['d'], options()), opened]).toEqual([delivered, delivered, 2]);
  });

  it('treats what a sender throws as a failure', async () => {
    const sender = lazySender(async () => ({
      send: () => Promise.reject(new Error('odd')),
      close: () => {
        throw new Error('odd too');
      },
    }));
    expect(await sender.send(['a'], options())).toEqual({ kind: 'failed', reason: 'odd' });
    sender.close();
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('OutletTally', () => {
  it('counts what is held, and each outcome', () => {
    const tally = new OutletTally();
    tally.hold({ bytes: 10, count: 5 });
    tally.hold({ bytes: 1, count: 2 });
    tally.release({ bytes: 10, count: 5 });
    expect([tally.heldBytes, tally.heldCount]).toEqual([1, 2]);
    tally.handedOver = 3;
    tally.dropped = 4;
    tally.failed = 5;
    expect(tally.stats(7)).toEqual({ queued: 9, exported: 0, handedOver: 3, dropped: 4, failed: 5 });
  });

  it.each([
    [{}, { exported: 5, rejected: 0, unencoded: 0 }],
    [{ rejectedItems: 2 }, { exported: 3, rejected: 2, unencoded: 0 }],
    [{ rejectedItems: 9 }, { exported: 0, rejected: 5, unencoded: 0 }],
    [{ rejectedItems: -1 }, { exported: 5, rejected: 0, unencoded: 0 }],
    [{ unencoded: { items: 2, reason: 'x' } }, { exported: 3, rejected: 0, unencoded: 2 }],
    [{ unencoded: { items: 9, reason: 'x' } }, { exported: 0, rejected: 0, unencoded: 5 }],
    [
      { rejectedItems: 4, unencoded: { items: 2, reason: 'x' } },
      { exported: 0, rejected: 3, unencoded: 2 },
    ],
  ])('counts five items that were delivered with %j', (result, items) => {
    const tally = new OutletTally();
    expect(tally.delivered({ count: 5 }, { kind: 'delivered', ...result })).toEqual(items);
    expect(tally.stats(0)).toMatchObject({ exported: items.exported, failed: items.rejected + items.unencoded });
  });
});

describe('halvesOf', () => {
  const sizes = { sizeOf: (text: string) => text.length };
  const batch = (...items: string[]) => ({ id: 'id', items, bytes: 10, count: items.length, firstPlace: 7 });

  it('divides items into two halves whose sums are those of the whole', () => {
    const halves = halvesOf(batch('aa', 'b', 'ccc'), sizes);
    expect(halves).toMatchObject([
      { items: ['aa', 'b'], bytes: 3, count: 2, firstPlace: 7 },
      { items: ['ccc'], bytes: 7, count: 1, firstPlace: 9 },
    ]);
    expect(new Set(['id', ...(halves ?? []).map(({ id }) => id)]).size).toBe(3);
    expect(halvesOf({ ...batch('aa', 'b'), bytes: 1 }, sizes)).toMatchObject([{ bytes: 1 }, { bytes: 0 }]);
  });

  it('divides a single item if that is possible', () => {
    const divider = {
      ...sizes,
      countOf: (text: string) => text.length,
      divide: (text: string) => (text.length < 2 ? undefined : ([text.slice(0, 1), text.slice(1)] as const)),
    };
    expect(halvesOf({ ...batch('abc'), count: 3 }, divider)).toMatchObject([
      { items: ['a'], bytes: 1, count: 1, firstPlace: 7 },
      { items: ['bc'], bytes: 9, count: 2, firstPlace: 7 },
    ]);
    expect([halvesOf(batch('a'), divider), halvesOf(batch('abc'), sizes), halvesOf(batch(), divider)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([batch('abc'), batch('a'), batch('a', 'b'), batch()].map((each) => isDivisible(each, divider))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([isDivisible(batch('abc'), sizes), isDivisible(batch('a', 'b'), sizes)]).toEqual([false, true]);
  });
});
