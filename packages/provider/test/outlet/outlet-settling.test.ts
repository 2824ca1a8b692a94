import type { SendResult } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import type { SpillResult } from '../../src/outlet/outlet.ts';
import { AWAY, DELIVERED, pushAll, rig, watch } from './outlet-rig.ts';

/** An outlet whose sending half is loaded. */
async function loadedRig(options: Parameters<typeof rig>[0] = {}) {
  const one = rig(options);
  pushAll(one.outlet, ...'xyz');
  await one.clock.advance(0);
  one.sender.batches.splice(0)[0]?.answer(DELIVERED);
  await one.clock.advance(0);
  return one;
}

describe('a flush that does not wait for retries', () => {
  it('waits for the answer to what is under way', async () => {
    const { clock, sender, outlet } = await loadedRig();
    outlet.push('a');
    const settled = watch(outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }));
    await clock.advance(4999);
    expect(settled()).toBe(false);
    sender.batches[0]?.answer(AWAY);
    await clock.advance(0);
    expect(settled()).toBe(true);
  });

  it.each<[string, SendResult]>([
    ['delivered', DELIVERED],
    ['failed for good', { kind: 'failed', reason: 'HTTP 400' }],
  ])('waits for the batches behind one that is %s', async (_how, result) => {
    const { clock, sender, outlet } = await loadedRig({ limits: { maxConcurrentExports: 1 } });
    pushAll(outlet, ...'abcdef');
    const settled = watch(outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }));
    await clock.advance(0);
    sender.batches[0]?.answer(result);
    await clock.advance(0);
    expect(settled()).toBe(false);
    sender.batches[1]?.answer(DELIVERED);
    await clock.advance(0);
    expect(settled()).toBe(true);
  });

  it('waits for a spool that is slow', async () => {
    let take: (result: SpillResult) => void = () => {};
    const { clock, outlet } = rig({
      answer: () => AWAY,
      spill: () =>
        new Promise((resolve) => {
          take = resolve;
        }),
    });
    pushAll(outlet, ...'abc');
    const settled = watch(outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }));
    await clock.advance(900);
    expect(settled()).toBe(false);
    take('taken');
    await clock.advance(0);
    expect(settled()).toBe(true);
    expect(outlet.stats()).toMatchObject({ handedOver: 3, queued: 0 });
  });

  it('ends when the spool refuses the last batch', async () => {
    const { clock, outlet } = rig({ answer: () => AWAY, spill: () => 'refused' });
    pushAll(outlet, ...'abcdef');
    const settled = watch(outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }));
    await clock.advance(0);
    expect([settled(), outlet.stats().queued]).toEqual([true, 6]);
  });

  it('ends, while the circuit is closed, when the only batch left waits for its own retry', async () => {
    const { clock, outlet } = await loadedRig({
      limits: { maxBatchItems: 3 },
      answer: ({ items }) => (items.includes('bad') ? { ...AWAY, brokenOff: 'reset' } : DELIVERED),
    });
    pushAll(outlet, 'bad');
    const settled = watch(outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }));
    await clock.advance(0);
    expect([settled(), outlet.stats().queued]).toEqual([true, 1]);
  });

  it('ends when the collector asked to wait, even if a full batch comes meanwhile', async () => {
    const { clock, sender, outlet } = await loadedRig({
      answer: ({ items }) => (items.includes('x') ? DELIVERED : { ...AWAY, retryAfterMillis: 60_000 }),
    });
    pushAll(outlet, ...'abc');
    await clock.advance(0);
    pushAll(outlet, ...'defg');
    const settled = watch(outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }));
    await clock.advance(0);
    expect([settled(), outlet.stats().queued, sender.batches.length]).toEqual([true, 7, 1]);
  });
});

describe('batches of an earlier outlet', () => {
  it('are waited for by a flush, before and after the sending half has loaded', async () => {
    const { clock, sender, outlet } = rig();
    outlet.restore({ id: 'one', items: ['a'] });
    const first = watch(outlet.forceFlush());
    await clock.advance(0);
    expect(first()).toBe(false);
    outlet.restore({ id: 'two', items: ['b'] });
    const second = watch(outlet.forceFlush());
    await clock.advance(0);
    expect(sender.batches.map(({ options }) => options.batchId)).toEqual(['one', 'two']);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect([first(), second()]).toEqual([false, false]);
    sender.batches[1]?.answer(DELIVERED);
    await clock.advance(0);
    expect([first(), second()]).toEqual([true, true]);
  });

  it.each([
    ['items', { maxQueueItems: 3 }],
    ['bytes', { maxQueueBytes: 3 }],
  ])('count as held, in %s', (_what, limits) => {
    const { outlet } = rig({ limits });
    outlet.restore({ id: 'one', items: ['a', 'b'] });
    pushAll(outlet, 'c', 'd');
    expect(outlet.stats()).toMatchObject({ queued: 3, dropped: 1 });
  });
});

describe('an outlet that was shut down before everything was sent', () => {
  it('sends nothing more, even if an answer comes at the last moment', async () => {
    const { clock, sender, outlet } = rig();
    pushAll(outlet, ...'abcdefghi');
    await clock.advance(0);
    clock.after(250, () => sender.batches[0]?.answer(DELIVERED));
    const settled = watch(outlet.shutdown({ timeoutMillis: 250 }));
    await clock.advance(1000);
    expect(settled()).toBe(true);
    expect(sender.items.join('')).toBe('abcdef');
    expect(
      outlet
        .drain()
        .flatMap(({ items }) => items)
        .join(''),
    ).toBe('defghi');
  });

  it('has nothing left to flush', async () => {
    const { clock, outlet } = rig();
    pushAll(outlet, ...'abcd');
    const shut = watch(outlet.shutdown({ timeoutMillis: 0 }));
    await clock.advance(0);
    expect(shut()).toBe(true);
    const settled = [watch(outlet.forceFlush()), watch(outlet.shutdown())];
    await clock.advance(0);
    expect(settled.map((isSettled) => isSettled())).toEqual([true, true]);
    expect([outlet.stats().queued, clock.timers()]).toEqual([4, 0]);
  });
});

describe('the batches of a drain', () => {
  const important = (item: string) => item === item.toUpperCase();

  it('are marked as important if one of their items is', async () => {
    const { clock, outlet } = rig({ isImportant: important });
    pushAll(outlet, ...'aBcdef', 'g', 'H');
    await clock.advance(0);
    expect(outlet.drain().map(({ items, isImportant }) => [items.join(''), isImportant])).toEqual([
      ['aBc', true],
      ['def', undefined],
      ['g', undefined],
      ['H', true],
    ]);
  });

  it('are not important unless the outlet knows which items are', async () => {
    const { clock, outlet } = rig();
    pushAll(outlet, ...'abcd');
    await clock.advance(0);
    expect(outlet.drain().map(({ items, isImportant }) => [items.join(''), isImportant])).toEqual([
      ['abc', undefined],
      ['d', undefined],
    ]);
  });
});
