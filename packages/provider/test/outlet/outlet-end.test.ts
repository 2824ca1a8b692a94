import { describe, expect, it } from '@jest/globals';
import type { Outlet } from '../../src/outlet/outlet.ts';
import type { FakeSender } from './fake-sender.ts';
import { AWAY, DELIVERED, pushAll, rig, watch } from './outlet-rig.ts';

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

  it('waits for what is under way, even if the queue is empty', async () => {
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

  it('waits for retries unless it is told otherwise, for two seconds at most', async () => {
    let away = true;
    const { clock, outlet } = rig({ answer: () => (away ? AWAY : DELIVERED) });
    pushAll(outlet, ...'abc');
    const first = watch(outlet.forceFlush());
    await clock.advance(1999);
    expect(first()).toBe(false);
    await clock.advance(1);
    expect(first()).toBe(true);
    const second = watch(outlet.forceFlush());
    away = false;
    await clock.advance(1000);
    expect([second(), outlet.stats().exported]).toEqual([true, 3]);
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

  it.each([Number.NaN, -5, 0])('treats a time-out of %d as 0', async (timeoutMillis) => {
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

  it('accepts and counts no more items afterwards', async () => {
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

  it('returns what was never tried, in batches of the size that it sends', () => {
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
