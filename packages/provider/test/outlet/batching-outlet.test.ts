import { describe, expect, it } from '@jest/globals';
import type { Outlet } from '../../src/outlet/outlet.ts';
import type { FakeClock } from './fake-clock.ts';
import { AWAY, DELIVERED, pushAll, rig } from './outlet-rig.ts';

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

  it('closes a batch at its byte limit', async () => {
    const { clock, sender, outlet } = rig({ limits: { maxBatchBytes: 5 } });
    pushAll(outlet, '1234', '12', '1234567');
    await clock.advance(200);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(sender.batches.map(({ items }) => items)).toEqual([['1234'], ['12'], ['1234567']]);
  });

  it('has no more batches under way than allowed', async () => {
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
  it('drops the newest items above the item limit, and counts them', async () => {
    const { clock, sender, outlet } = rig({ limits: { maxQueueItems: 4 }, answer: () => DELIVERED });
    pushAll(outlet, ...'abcdef');
    await outletFlushed(outlet, clock);
    expect(sender.items).toEqual(['a', 'b', 'c', 'd']);
    expect(outlet.stats()).toEqual({ queued: 0, exported: 4, handedOver: 0, dropped: 2, failed: 0 });
  });

  it('drops items above the byte limit', () => {
    const { outlet } = rig({ limits: { maxQueueBytes: 10 } });
    pushAll(outlet, '12345678', '123', '12');
    expect(outlet.stats()).toMatchObject({ queued: 2, dropped: 1 });
  });

  it('counts items under way against the limits', async () => {
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

  it('reports once that it drops items, and how many once exports succeed again', async () => {
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

  it('counts an item by its own count', async () => {
    const { clock, outlet } = rig({ countOf: (item) => item.length, limits: { maxBatchItems: 1 } });
    outlet.push('four');
    await clock.advance(0);
    expect(outlet.stats().queued).toBe(4);
  });

  it('accepts an item that counts for more than the queue allows if the queue is empty', () => {
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
  it('counts the items of an accepted batch that could not be encoded, and reports them once', async () => {
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

  it('counts an item that could not be read', () => {
    const { outlet } = rig();
    outlet.lose('it could not be read');
    expect(outlet.stats()).toMatchObject({ queued: 0, dropped: 1 });
  });

  it('counts an item that cannot be measured', () => {
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

  it('treats an export without an answer as retryable', async () => {
    const { clock, sender, outlet } = rig({ limits: { exportTimeoutMillis: 700 } });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(699);
    expect(sender.batches[0]?.options.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(sender.batches[0]?.options.signal.aborted).toBe(true);
    expect(outlet.stats().queued).toBe(3);
    // The late answer of the first attempt is ignored.
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

async function outletFlushed(outlet: Outlet<string>, clock: FakeClock): Promise<void> {
  await Promise.all([outlet.forceFlush(), clock.advance(0)]);
}
