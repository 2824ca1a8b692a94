import { describe, expect, it } from '@jest/globals';
import { AWAY, DELIVERED, pushAll, rig } from './outlet-rig.ts';

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
  ])('waits %s for a collector that names a delay', async (_how, retryAfterMillis, expected) => {
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

  it('reports an outage in one line, however many attempts it has', async () => {
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

  it('gets one batch at a time, and nothing else', async () => {
    const taking: (() => void)[] = [];
    const spilled: (readonly string[] | undefined)[] = [];
    const { clock, outlet } = rig({
      answer: () => AWAY,
      spill: (batch) => {
        spilled.push(batch?.items);
        return new Promise((resolve) => taking.push(() => resolve('taken')));
      },
    });
    pushAll(outlet, ...'abc');
    await clock.advance(0);
    pushAll(outlet, ...'defghi');
    await clock.advance(300);
    expect(spilled).toEqual([[...'abc']]);
    taking[0]?.();
    await clock.advance(0);
    expect(spilled).toEqual([[...'abc'], [...'def']]);
    taking[1]?.();
    await clock.advance(0);
    taking[2]?.();
    await clock.advance(0);
    expect(spilled).toEqual([[...'abc'], [...'def'], [...'ghi']]);
    expect(outlet.stats()).toMatchObject({ handedOver: 9, queued: 0 });
  });

  it('is waited for even by a flush that does not wait for retries', async () => {
    const { clock, outlet } = rig({
      limits: { maxBatchItems: 1, maxConcurrentExports: 1 },
      answer: () => AWAY,
      spill: () => 'taken',
    });
    pushAll(outlet, 'a', 'b', 'c');
    let queued: number | undefined;
    void outlet.forceFlush({ retry: false, timeoutMillis: 60_000 }).then(() => {
      queued = outlet.stats().queued;
    });
    await clock.advance(0);
    expect([queued, outlet.stats().handedOver]).toEqual([0, 3]);
  });
});

describe('createOutlet: an export without an answer', () => {
  it('is given up in its time, and tried again', async () => {
    let asked = 0;
    const { clock, outlet, reports, sender } = rig({
      limits: { exportTimeoutMillis: 700 },
      answer: () => {
        asked += 1;
        return asked === 1 ? undefined : DELIVERED;
      },
    });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(699);
    expect(sender.batches.map(({ options }) => options.signal.aborted)).toEqual([false]);
    await clock.advance(1);
    expect(sender.batches.map(({ options }) => options.signal.aborted)).toEqual([true]);
    expect(reports).toEqual([
      {
        signal: 'logs',
        kind: 'retrying',
        items: 3,
        reason: 'no answer within 700 ms',
        delayMillis: 1000,
        changed: true,
      },
    ]);
    await clock.advance(1000);
    expect(outlet.stats()).toMatchObject({ queued: 0, exported: 3 });
  });
});
