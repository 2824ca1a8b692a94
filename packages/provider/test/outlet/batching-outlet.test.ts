import { describe, expect, it } from '@jest/globals';
import type { Outlet } from '../../src/outlet/outlet.ts';
import type { FakeClock } from './fake-clock.ts';
import type { FakeSender } from './fake-sender.ts';
import { AWAY, DELIVERED, pushAll, rig, watch } from './outlet-rig.ts';

describe('createOutlet: batches', () => {
  it('sends a full batch in a later turn, never in the caller’s', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, 'a', 'b', 'c');
    expect(sender.batches).toHaveLength(0);
    await clock.advance(0);
    expect(sender.items).toEqual(['a', 'b', 'c']);
  });

  it('opens the sender at the first export and once', async () => {
    let opened = 0;
    const { clock, outlet, sender } = rig({
      answer: () => DELIVERED,
      openSender: async () => {
        opened += 1;
        return sender;
      },
    });
    outlet.push('a');
    await clock.advance(199);
    expect(opened).toBe(0);
    await clock.advance(1);
    pushAll(outlet, 'b', 'c', 'd', 'e', 'f', 'g');
    await clock.advance(0);
    expect(opened).toBe(1);
  });

  it('sends an incomplete batch after the delay', async () => {
    const { clock, sender, outlet } = rig();
    outlet.push('a');
    await clock.advance(199);
    expect(sender.batches).toHaveLength(0);
    await clock.advance(1);
    expect(sender.items).toEqual(['a']);
  });

  it('closes a batch at its bytes', async () => {
    const { clock, sender, outlet } = rig({ limits: { maxBatchBytes: 5 } });
    pushAll(outlet, '1234', '12', '1234567');
    await clock.advance(200);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(sender.batches.map(({ items }) => items)).toEqual([['1234'], ['12'], ['1234567']]);
  });

  it('has no more batches under way than it may', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abcdefghijkl');
    await clock.advance(0);
    expect(sender.batches).toHaveLength(2);
    sender.batches[1]?.answer(DELIVERED);
    await clock.advance(0);
    expect(sender.batches).toHaveLength(3);
  });

  it('keeps items that come while all exports are under way', async () => {
    const { clock, sender, outlet } = rig({ limits: { maxConcurrentExports: 1 } });
    pushAll(outlet, 'a', 'b', 'c', 'd');
    await clock.advance(300);
    expect(sender.batches).toHaveLength(1);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(sender.items).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('createOutlet: bounds', () => {
  it('drops the newest beyond its items, and counts them', async () => {
    const { clock, sender, outlet } = rig({ limits: { maxQueueItems: 4 }, answer: () => DELIVERED });
    pushAll(outlet, ...'abcdef');
    await outletFlushed(outlet, clock);
    expect(sender.items).toEqual(['a', 'b', 'c', 'd']);
    expect(outlet.stats()).toEqual({ queued: 0, exported: 4, handedOver: 0, dropped: 2, failed: 0 });
  });

  it('drops what does not fit its bytes', () => {
    const { outlet } = rig({ limits: { maxQueueBytes: 10 } });
    pushAll(outlet, '12345678', '123', '12');
    expect(outlet.stats()).toMatchObject({ queued: 2, dropped: 1 });
  });

  it('counts what is under way as held', async () => {
    const { clock, outlet } = rig({ limits: { maxQueueItems: 4 } });
    pushAll(outlet, ...'abcd');
    await clock.advance(0);
    outlet.push('e');
    expect(outlet.stats()).toMatchObject({ queued: 4, dropped: 1 });
  });

  it('keeps a burst of 20,000 with the limits of the defaults', () => {
    const { outlet } = rig({ limits: { maxQueueItems: 65_536, maxQueueBytes: 2 ** 26, maxBatchItems: 512 } });
    for (let index = 0; index < 20_000; index += 1) outlet.push('x');
    expect(outlet.stats()).toMatchObject({ queued: 20_000, dropped: 0 });
  });

  it('says once that it drops, and how many when exports pass again', async () => {
    let away = true;
    const { clock, outlet, reports } = rig({
      limits: { maxQueueItems: 4 },
      answer: () => (away ? AWAY : DELIVERED),
    });
    pushAll(outlet, ...'abcdefg');
    away = false;
    await outletFlushed(outlet, clock);
    const news = reports.filter(({ changed }) => changed);
    expect(news).toMatchObject([
      { kind: 'dropping', items: 1 },
      { kind: 'recovered', items: 3 },
    ]);
  });

  it('counts an item as what it counts', async () => {
    const { clock, outlet } = rig({ countOf: (item) => item.length, limits: { maxBatchItems: 1 } });
    outlet.push('four');
    await clock.advance(0);
    expect(outlet.stats().queued).toBe(4);
  });

  it('takes one that counts for more than the queue when nothing else is held', () => {
    const { outlet } = rig({ countOf: (item) => item.length, limits: { maxQueueItems: 5 } });
    pushAll(outlet, '12345678', '1');
    expect(outlet.stats()).toMatchObject({ queued: 8, dropped: 1 });
  });

  it('survives an item that cannot be measured', () => {
    const { outlet } = rig({
      sizeOf: () => {
        throw new Error('hostile');
      },
    });
    expect(() => outlet.push('a')).not.toThrow();
    expect(outlet.stats()).toMatchObject({ queued: 0, dropped: 1 });
  });
});

describe('createOutlet: results', () => {
  it('counts what could not be encoded of a batch that was taken, and says so once', async () => {
    const { clock, outlet, reports } = rig({
      answer: () => ({ kind: 'delivered', rejectedItems: 1, unencoded: { items: 1, reason: 'no data' } }),
    });
    pushAll(outlet, ...'abcdef');
    await clock.advance(500);
    expect(outlet.stats()).toEqual({ queued: 0, exported: 2, handedOver: 0, dropped: 0, failed: 4 });
    expect(reports.filter(({ kind }) => kind === 'unencoded')).toEqual([
      { signal: 'logs', kind: 'unencoded', items: 1, reason: 'no data', changed: true },
      { signal: 'logs', kind: 'unencoded', items: 1, reason: 'no data', changed: false },
    ]);
  });

  it('counts an item that could not be made', () => {
    const { outlet } = rig();
    outlet.lose('it could not be read');
    expect(outlet.stats()).toMatchObject({ queued: 0, dropped: 1 });
  });

  it('counts an item that cannot be measured as what it is', () => {
    const sizeOf = () => {
      throw new Error('a getter');
    };
    const { outlet } = rig({ sizeOf, countOf: () => 7 });
    outlet.push('a');
    expect(outlet.stats()).toMatchObject({ queued: 0, dropped: 7 });
  });

  it('counts a partial success', async () => {
    const { clock, outlet, reports } = rig({
      answer: () => ({ kind: 'delivered', rejectedItems: 1, message: 'too old' }),
    });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(0);
    expect(outlet.stats()).toMatchObject({ exported: 2, failed: 1 });
    expect(reports).toContainEqual({ signal: 'logs', kind: 'rejected', items: 1, reason: 'too old', changed: true });
  });

  it('drops a batch that failed for good, and sends the others', async () => {
    const { clock, sender, outlet } = rig({
      answer: ({ items }) => (items.includes('b') ? { kind: 'failed', reason: 'HTTP 400' } : DELIVERED),
    });
    pushAll(outlet, ...'abcdef');
    await clock.advance(0);
    expect(outlet.stats()).toMatchObject({ exported: 3, failed: 3, queued: 0 });
    expect(sender.batches).toHaveLength(2);
  });

  it('takes an export without an answer for one that may pass later', async () => {
    const { clock, sender, outlet } = rig({ limits: { exportTimeoutMillis: 700 } });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(699);
    expect(sender.batches[0]?.options.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(sender.batches[0]?.options.signal.aborted).toBe(true);
    expect(outlet.stats().queued).toBe(3);
    // The late answer of the first attempt counts for nothing.
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(outlet.stats()).toMatchObject({ queued: 3, exported: 0 });
  });

  it('keeps items while the sender cannot be opened, and tries again', async () => {
    let opened = 0;
    const { clock, sender, outlet, reports } = rig({
      answer: () => DELIVERED,
      openSender: async () => {
        opened += 1;
        if (opened === 1) throw new Error('no package');
        return sender;
      },
    });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(0);
    expect(reports).toMatchObject([{ kind: 'retrying', reason: 'no package', changed: true }]);
    await clock.advance(1000);
    expect(outlet.stats()).toMatchObject({ exported: 3, queued: 0 });
  });

  it('survives a sender that rejects and a listener that throws', async () => {
    const { clock, outlet } = rig({
      openSender: async () => ({ send: () => Promise.reject(new Error('bug')), close: () => undefined }),
      onReport: () => {
        throw new Error('bug');
      },
    });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(0);
    expect(outlet.stats()).toMatchObject({ failed: 3, queued: 0 });
  });
});

describe('createOutlet: retries', () => {
  it('waits up to twice as long after each failure, with a single batch at a time', async () => {
    const { clock, sender, outlet } = rig({ answer: ({ at }) => (at === 0 ? undefined : AWAY) });
    pushAll(outlet, ...'abcdefghijkl');
    await clock.advance(0);
    // The first two run side by side and fail together; their failure counts once.
    for (const batch of sender.batches) batch.answer(AWAY);
    await clock.advance(40_000);
    expect(sender.batches.map(({ at }) => at)).toEqual([0, 0, 1000, 3000, 7000, 15_000, 31_000]);
    expect(outlet.stats()).toMatchObject({ queued: 12, exported: 0, dropped: 0 });
  });

  it('never waits longer than half a minute', async () => {
    const { clock, sender, outlet } = rig({ answer: () => AWAY });
    outlet.push('a');
    await clock.advance(600_000);
    const times = sender.batches.map(({ at }) => at);
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...waits)).toBe(30_000);
  });

  it('spreads the waits over their whole range', async () => {
    const { clock, sender, outlet } = rig({ answer: () => AWAY, random: () => 0.25 });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(1000);
    expect(sender.batches.map(({ at }) => at)).toEqual([0, 250, 750]);
  });

  it.each([
    ['as asked', 12_000, 12_000],
    ['at most five minutes', 3_600_000, 300_000],
  ])('waits %s by the collector', async (_how, retryAfterMillis, expected) => {
    const { clock, sender, outlet } = rig({
      answer: () => ({ kind: 'retryable', reason: 'HTTP 429', retryAfterMillis }),
    });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(expected - 1);
    expect(sender.batches).toHaveLength(1);
    await clock.advance(1);
    expect(sender.batches).toHaveLength(2);
  });

  it('sends everything once the collector is back, first what was never tried', async () => {
    let away = true;
    const { clock, sender, outlet, reports } = rig({ answer: () => (away ? AWAY : DELIVERED) });
    pushAll(outlet, ...'abcdefgh');
    await clock.advance(500);
    sender.batches.length = 0;
    away = false;
    await clock.advance(1000);
    expect(sender.items.join('')).toBe('defghabc');
    expect(reports.filter(({ changed }) => changed).map(({ kind }) => kind)).toEqual(['retrying', 'recovered']);
  });

  it('sends a batch of one item that is recorded while the collector is down and nothing waits', async () => {
    let away = true;
    const { clock, outlet, sender } = rig({
      limits: { maxBatchItems: 1 },
      answer: () => (away ? AWAY : DELIVERED),
      spill: () => 'taken',
    });
    outlet.push('a');
    await clock.advance(10);
    expect(outlet.stats()).toMatchObject({ handedOver: 1 });
    away = false;
    await clock.advance(1000);
    outlet.push('b');
    await clock.advance(0);
    expect(sender.items).toEqual(['a', 'b']);
  });

  it('says one line for an outage, however many attempts it has', async () => {
    const { clock, outlet, reports } = rig({ answer: () => AWAY });
    pushAll(outlet, ...'abc');
    await clock.advance(300_000);
    expect(reports.filter(({ kind }) => kind === 'retrying').length).toBeGreaterThan(5);
    expect(reports.filter(({ changed }) => changed)).toHaveLength(1);
  });
});

describe('createOutlet: spill', () => {
  it('passes on what could not be delivered, and what is recorded while the collector is down', async () => {
    const spilled: string[] = [];
    const { clock, sender, outlet } = rig({
      answer: () => AWAY,
      spill: async ({ items }) => {
        spilled.push(...items);
        return 'taken' as const;
      },
    });
    pushAll(outlet, ...'abc');
    await clock.advance(100);
    pushAll(outlet, ...'defgh');
    await clock.advance(300);
    expect(spilled.join('')).toBe('abcdefgh');
    expect(sender.batches).toHaveLength(1);
    expect(outlet.stats()).toMatchObject({ handedOver: 8, queued: 0 });
  });

  it.each([
    ['refuses', () => 'refused' as const],
    ['throws', () => Promise.reject(new Error('disk full'))],
  ])('keeps the batch when the spool %s', async (_how, spill) => {
    let away = true;
    const { clock, sender, outlet } = rig({ answer: () => (away ? AWAY : DELIVERED), spill });
    pushAll(outlet, ...'abcde');
    await clock.advance(500);
    expect(outlet.stats()).toMatchObject({ handedOver: 0, queued: 5 });
    sender.batches.length = 0;
    away = false;
    await clock.advance(1000);
    expect(sender.items.join('')).toBe('deabc');
  });
});

describe('createOutlet: forceFlush', () => {
  it('settles when everything pushed before it is delivered', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abcd');
    const settled = watch(outlet.forceFlush());
    outlet.push('later');
    await clock.advance(0);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(settled()).toBe(false);
    sender.batches[1]?.answer(DELIVERED);
    await clock.advance(0);
    expect(settled()).toBe(true);
    expect(clock.holding()).toBe(0);
  });

  it('waits for what is under way, though the queue is empty', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abc');
    await clock.advance(0);
    const settled = watch(outlet.forceFlush());
    await clock.advance(100);
    expect(settled()).toBe(false);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(settled()).toBe(true);
  });

  it('settles at its time-out, while exports under way continue', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abc');
    const settled = watch(outlet.forceFlush({ timeoutMillis: 300 }));
    await clock.advance(299);
    expect(settled()).toBe(false);
    await clock.advance(1);
    expect(settled()).toBe(true);
    expect(clock.holding()).toBe(0);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(outlet.stats().exported).toBe(3);
  });

  it('tries at once in an outage, unless the collector asked to wait', async () => {
    const { clock, sender, outlet } = rig({ answer: () => AWAY });
    pushAll(outlet, ...'abc');
    await clock.advance(500);
    const before = sender.batches.length;
    await Promise.all([outlet.forceFlush({ retry: false }), clock.advance(0)]);
    expect(sender.batches.length).toBe(before + 1);
  });

  it('does not hurry a collector that asked to wait', async () => {
    const { clock, sender, outlet } = rig({
      answer: () => ({ kind: 'retryable', reason: 'HTTP 503', retryAfterMillis: 60_000 }),
    });
    pushAll(outlet, ...'abc');
    await clock.advance(500);
    await Promise.all([outlet.forceFlush({ retry: false }), clock.advance(0)]);
    expect(sender.batches).toHaveLength(1);
  });

  it('without retry settles at the first failure', async () => {
    const { clock, outlet } = rig({ answer: () => AWAY });
    pushAll(outlet, ...'abc');
    const settled = watch(outlet.forceFlush({ timeoutMillis: 60_000, retry: false }));
    await clock.advance(0);
    expect(settled()).toBe(true);
    expect(clock.now()).toBe(0);
  });

  it('settles at once when nothing is held', async () => {
    const { outlet, clock } = rig();
    await outlet.forceFlush();
    expect(clock.timers()).toBe(0);
  });

  it.each([Number.NaN, -5, 0])('treats a time-out of %d as no time at all', async (timeoutMillis) => {
    const { clock, outlet } = rig();
    outlet.push('a');
    const settled = watch(outlet.forceFlush({ timeoutMillis }));
    await clock.advance(0);
    expect(settled()).toBe(true);
  });
});

describe('createOutlet: shutdown', () => {
  it('sends the rest, closes the sender and leaves no timer', async () => {
    const { clock, sender, outlet } = rig({ answer: () => DELIVERED });
    pushAll(outlet, ...'abcdefgh');
    const settled = watch(outlet.shutdown());
    await clock.advance(0);
    expect(settled()).toBe(true);
    expect(outlet.stats()).toMatchObject({ exported: 8, queued: 0 });
    expect(sender.closed).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  it('during a running flush loses nothing', async () => {
    const { clock, outlet } = rig({ answer: () => DELIVERED });
    pushAll(outlet, ...'abcdefghijklmnopqrst');
    const flushed = watch(outlet.forceFlush());
    const shut = watch(outlet.shutdown());
    await clock.advance(0);
    expect([flushed(), shut()]).toEqual([true, true]);
    expect(outlet.stats()).toMatchObject({ exported: 20, queued: 0, dropped: 0 });
  });

  it('leaves the rest to drain() at its time-out, in order', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abcdefgh');
    await clock.advance(0);
    sender.batches[1]?.answer(DELIVERED);
    await clock.advance(0);
    const settled = watch(outlet.shutdown({ timeoutMillis: 250 }));
    await clock.advance(250);
    expect(settled()).toBe(true);
    expect(clock.timers()).toBe(0);
    expect(
      sender.batches.every(({ options }) => options.signal.aborted || options === sender.batches[1]?.options),
    ).toBe(true);
    expect(outlet.stats()).toMatchObject({ queued: 5, exported: 3 });
    expect(drained(outlet).join('')).toBe('abcgh');
    expect(outlet.stats()).toEqual({ queued: 0, exported: 3, handedOver: 5, dropped: 0, failed: 0 });
  });

  it('takes and counts no more items afterwards', async () => {
    const { clock, outlet } = rig({ answer: () => DELIVERED });
    const settled = watch(outlet.shutdown());
    outlet.push('late');
    await clock.advance(0);
    expect(settled()).toBe(true);
    expect(outlet.stats()).toMatchObject({ queued: 0, dropped: 1 });
  });

  it('may be called again', async () => {
    const { clock, sender, outlet } = rig({ answer: () => DELIVERED });
    pushAll(outlet, ...'abcd');
    const both = [watch(outlet.shutdown()), watch(outlet.shutdown({ timeoutMillis: 1 }))];
    await clock.advance(0);
    await outlet.shutdown();
    expect(both.map((settled) => settled())).toEqual([true, true]);
    expect(sender.closed).toBe(1);
  });

  it('closes a sender that opens too late', async () => {
    let open: (sender: FakeSender) => void = () => undefined;
    const { clock, sender, outlet } = rig({
      openSender: () =>
        new Promise((resolve) => {
          open = resolve;
        }),
    });
    outlet.push('a');
    const settled = watch(outlet.shutdown({ timeoutMillis: 100 }));
    await clock.advance(100);
    expect(settled()).toBe(true);
    open(sender);
    await clock.advance(0);
    expect(sender.closed).toBe(1);
    expect(sender.batches).toHaveLength(0);
  });
});

describe('createOutlet: drain', () => {
  it('returns what is queued, returned and under way, and closes', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abcdefgh');
    await clock.advance(0);
    sender.batches[0]?.answer(AWAY);
    await clock.advance(0);
    expect(drained(outlet).join('')).toBe('abcdefgh');
    expect(outlet.drain()).toEqual([]);
    sender.batches[1]?.answer(DELIVERED);
    outlet.push('late');
    await clock.advance(60_000);
    expect(outlet.stats()).toEqual({ queued: 0, exported: 0, handedOver: 8, dropped: 1, failed: 0 });
    expect(clock.timers()).toBe(0);
  });

  it('returns what was never tried in batches of the size that it sends', () => {
    const { outlet } = rig({ limits: { maxBatchItems: 3, maxBatchBytes: 5 } });
    pushAll(outlet, 'a', 'b', 'c', 'd', 'long', 'e');
    const batches = outlet.drain();
    expect(batches.map(({ items }) => items)).toEqual([['a', 'b', 'c'], ['d', 'long'], ['e']]);
    expect(new Set(batches.map(({ id }) => id)).size).toBe(3);
  });

  it('takes back what could not be handed over', () => {
    const { outlet } = rig();
    pushAll(outlet, ...'abcd');
    const items = drained(outlet);
    outlet.recordLost(items.slice(1));
    expect(outlet.stats()).toMatchObject({ handedOver: 1, dropped: 3 });
  });
});

function drained(outlet: Outlet<string>): readonly string[] {
  return outlet.drain().flatMap(({ items }) => items);
}

async function outletFlushed(outlet: Outlet<string>, clock: FakeClock): Promise<void> {
  await Promise.all([outlet.forceFlush(), clock.advance(0)]);
}
