import type { SendResult } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import { AWAY, DELIVERED, pushAll, rig } from './outlet-rig.ts';

const TOO_LARGE: SendResult = { kind: 'refused', reason: 'HTTP 413' };
const CUT: SendResult = { kind: 'retryable', reason: 'read ECONNRESET', brokenOff: 'reset' };

/** Refuses or cuts what has one of these items in it. */
function failing(result: SendResult, ...items: string[]) {
  return ({ items: sent }: { readonly items: readonly string[] }) =>
    sent.some((item) => items.includes(item)) ? result : DELIVERED;
}

describe('a batch that the collector refuses', () => {
  it('is halved at once, down to the one item that cannot pass', async () => {
    const { clock, outlet, reports, sender } = rig({ limits: { maxBatchItems: 8 }, answer: failing(TOO_LARGE, 'c') });
    pushAll(outlet, ...'abcdefgh');
    await clock.advance(0);
    expect(outlet.stats()).toEqual({ queued: 0, exported: 7, handedOver: 0, dropped: 0, failed: 1 });
    expect(sender.batches.map(({ items }) => items.join(''))).toEqual([
      'abcdefgh',
      'abcd',
      'efgh',
      'ab',
      'cd',
      'c',
      'd',
    ]);
    expect(new Set(sender.batches.map(({ options }) => options.batchId)).size).toBe(7);
    expect(reports.filter(({ changed }) => changed)).toMatchObject([
      { kind: 'divided', items: 8, reason: 'HTTP 413' },
      { kind: 'failed', items: 1, reason: 'HTTP 413' },
    ]);
  });

  it('goes after the others while it is divided', async () => {
    const { clock, outlet, sender } = rig({
      limits: { maxBatchItems: 4, maxConcurrentExports: 1 },
      answer: failing(TOO_LARGE, 'a'),
    });
    pushAll(outlet, ...'abcdefgh');
    await clock.advance(0);
    expect(sender.batches.slice(0, 2).map(({ items }) => items.join(''))).toEqual(['abcd', 'efgh']);
    expect(outlet.stats()).toMatchObject({ exported: 7, failed: 1 });
  });

  it('finds each of many bad items among good ones', async () => {
    const items = Array.from({ length: 512 }, (_, index) => (index % 50 === 0 ? `bad ${index}` : `good ${index}`));
    const { clock, outlet } = rig({
      limits: { maxBatchItems: 512, maxQueueItems: 1000 },
      answer: ({ items: sent }) => (sent.some((item) => item.startsWith('bad')) ? TOO_LARGE : DELIVERED),
    });
    pushAll(outlet, ...items);
    await clock.advance(200);
    expect(outlet.stats()).toMatchObject({ exported: 501, failed: 11, queued: 0 });
  });

  it('may be a single item, which is then divided', async () => {
    const { clock, outlet, sender } = rig({
      limits: { maxBatchItems: 1 },
      countOf: (text) => text.length,
      divide: (text) => (text.length < 2 ? undefined : [text.slice(0, 1), text.slice(1)]),
      answer: ({ items: [text = ''] }) => (text.length > 2 || text === 'x' ? TOO_LARGE : DELIVERED),
    });
    outlet.push('axcd');
    await clock.advance(0);
    expect(sender.items).toEqual(['axcd', 'a', 'xcd', 'x', 'cd']);
    expect(outlet.stats()).toEqual({ queued: 0, exported: 3, handedOver: 0, dropped: 0, failed: 1 });
  });

  it('is no longer divided if the collector refuses everything', async () => {
    const { clock, outlet, sender } = rig({
      limits: { maxBatchItems: 512, maxQueueItems: 5000 },
      answer: () => TOO_LARGE,
    });
    for (let item = 0; item < 4096; item += 1) outlet.push('x');
    await clock.advance(0);
    expect(outlet.stats()).toMatchObject({ failed: 4096, queued: 0 });
    expect(sender.batches.length).toBeLessThan(500);
  });
});

describe('a batch whose exchange breaks off each time', () => {
  it('lets its neighbours pass, and is given up in the end', async () => {
    const { clock, outlet, reports } = rig({ limits: { maxBatchItems: 1 }, answer: failing(CUT, 'big') });
    outlet.push('big');
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1000);
      outlet.push(`small ${second}`);
      await clock.advance(0);
      expect(outlet.stats().exported).toBe(second + 1);
    }
    expect(outlet.stats()).toMatchObject({ queued: 0, failed: 1 });
    expect(reports.filter(({ kind }) => kind === 'failed')).toMatchObject([{ items: 1, changed: true }]);
  });

  it('is halved, even if no other batch could pass; the rest waits for another', async () => {
    const { clock, outlet } = rig({ limits: { maxBatchItems: 4 }, answer: failing(CUT, 'b') });
    pushAll(outlet, ...'abcd');
    await clock.advance(60_000);
    expect(outlet.stats()).toMatchObject({ exported: 3, queued: 1, failed: 0 });
  });

  it('is given up when it is the last one, if others passed since its first failure', async () => {
    const { clock, outlet } = rig({ limits: { maxBatchItems: 1 }, answer: failing(CUT, 'big') });
    outlet.push('big');
    await clock.advance(500);
    outlet.push('small');
    await clock.advance(600_000);
    expect(outlet.stats()).toMatchObject({ exported: 1, queued: 0, failed: 1 });
  });

  it('stays when every batch breaks off: then the collector is to blame', async () => {
    const { clock, outlet, sender } = rig({ limits: { maxBatchItems: 1 }, answer: () => CUT });
    pushAll(outlet, ...'abc');
    await clock.advance(600_000);
    expect(outlet.stats()).toMatchObject({ queued: 3, failed: 0 });
    expect(sender.batches.length).toBeLessThan(60);
  });
});

describe('a batch that a server does not accept because it is down, busy or broken', () => {
  it.each([
    ['answers that it is busy', { kind: 'retryable', reason: 'HTTP 503' }],
    ['does not answer', { kind: 'retryable', reason: 'no answer', brokenOff: 'timeout' }],
  ] as const)('is kept and lets the others pass when it %s', async (_what, result) => {
    let well = false;
    const { clock, outlet } = rig({
      limits: { maxBatchItems: 1 },
      answer: ({ items: [item] }) => (item === 'slow' && !well ? result : DELIVERED),
    });
    outlet.push('slow');
    await clock.advance(100);
    for (let minute = 0; minute < 20; minute += 1) {
      outlet.push('quick');
      await clock.advance(60_000);
    }
    expect(outlet.stats()).toMatchObject({ queued: 1, exported: 20, failed: 0 });
    well = true;
    await clock.advance(60_000);
    expect(outlet.stats()).toMatchObject({ queued: 0, exported: 21, failed: 0 });
  });

  it('waits for another batch no longer than one pause', async () => {
    const { clock, outlet, sender } = rig({ limits: { maxBatchItems: 1 }, answer: failing(AWAY, 'first') });
    outlet.push('first');
    await clock.advance(10);
    outlet.push('second');
    await clock.advance(1000);
    expect(sender.batches.map(({ items: [item], at }) => [item, at])).toContainEqual(['second', 1000]);
  });

  it('sets no useless timer', async () => {
    const { clock, outlet } = rig({ answer: () => AWAY, spill: () => 'taken' });
    pushAll(outlet, ...'abc');
    await clock.advance(5000);
    outlet.push('not due yet');
    await clock.advance(100);
    expect(clock.timers()).toBe(1);
  });
});

describe('restore', () => {
  it('sends a batch of another outlet whole, under its id, and divides it where it is refused', async () => {
    const { clock, outlet, sender } = rig({ limits: { maxBatchItems: 1 }, answer: failing(TOO_LARGE, 'b') });
    outlet.restore({ id: 'known', items: ['a', 'b', 'c'] });
    await clock.advance(0);
    expect(sender.batches[0]).toMatchObject({ items: ['a', 'b', 'c'], options: { batchId: 'known' } });
    expect(outlet.stats()).toMatchObject({ exported: 2, failed: 1, queued: 0 });
  });
});
