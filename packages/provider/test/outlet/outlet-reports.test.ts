import type { SendResult } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import type { OutletReport } from '../../src/outlet/outlet-report.ts';
import { AWAY, DELIVERED, pushAll, rig } from './outlet-rig.ts';

describe('the reports of an outlet', () => {
  it('tell how long a batch was under way', async () => {
    const { clock, sender, outlet, reports } = rig();
    await clock.advance(1000);
    pushAll(outlet, ...'abc');
    await clock.advance(30);
    sender.batches[0]?.answer(DELIVERED);
    await clock.advance(0);
    expect(reports).toEqual([{ signal: 'logs', kind: 'exported', items: 3, elapsedMillis: 30, changed: false }]);
  });

  it('tell how long a batch waits that fails while others pass', async () => {
    const { clock, outlet, reports } = rig({
      limits: { maxBatchItems: 1 },
      answer: ({ items: [item] }) => (item === 'bad' ? { ...AWAY, brokenOff: 'reset' } : DELIVERED),
    });
    await clock.advance(500);
    outlet.push('bad');
    await clock.advance(0);
    expect(reports).toMatchObject([{ kind: 'retrying', items: 1, delayMillis: 1000 }]);
  });

  it.each<[string, SendResult, readonly Partial<OutletReport>[]]>([
    ['no reason', { kind: 'delivered', rejectedItems: 1 }, [{ kind: 'rejected', items: 1, reason: 'no reason given' }]],
    [
      'a reason',
      { kind: 'delivered', rejectedItems: 2, message: 'old' },
      [{ kind: 'rejected', items: 2, reason: 'old' }],
    ],
    [
      'only a warning',
      { kind: 'delivered', message: 'slow down' },
      [{ kind: 'rejected', items: 0, reason: 'slow down' }],
    ],
    ['nothing', { kind: 'delivered', rejectedItems: 0, message: '' }, []],
    ['nothing left out', { kind: 'delivered', unencoded: { items: 0, reason: 'odd' } }, []],
    [
      'more left out than there were',
      { kind: 'delivered', unencoded: { items: 9, reason: 'odd' } },
      [{ kind: 'unencoded', items: 3, reason: 'odd' }],
    ],
  ])('of an accepted batch with %s', async (_what, result, expected) => {
    const { clock, outlet, reports } = rig({ answer: () => result });
    pushAll(outlet, ...'abc');
    await clock.advance(0);
    expect(reports[0]?.kind).toBe('exported');
    expect(reports.slice(1)).toMatchObject(expected);
  });

  it.each([
    ['maxQueueItems', { maxQueueItems: 8 }],
    ['maxQueueBytes', { maxQueueBytes: 8 }],
  ])('say that exports work again once the queue is less than half full (%s)', async (_limit, limit) => {
    const { clock, outlet, reports } = rig({
      limits: { maxBatchItems: 1, maxConcurrentExports: 1, ...limit },
      answer: () => DELIVERED,
    });
    pushAll(outlet, ...'123456789');
    await clock.advance(0);
    const kinds = reports.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'exported')).toEqual(['dropping', 'recovered']);
    // With the fifth batch, after which three of eight items are left.
    expect(kinds.indexOf('recovered')).toBe(1 + 5);
  });

  it('name the reason for a drop', async () => {
    const reasonOf = (use: (outlet: ReturnType<typeof rig>['outlet']) => void, options: Parameters<typeof rig>[0]) => {
      const { outlet, reports } = rig(options);
      use(outlet);
      return reports;
    };
    const full = reasonOf((outlet) => pushAll(outlet, 'a', 'b'), { limits: { maxQueueItems: 1, maxBatchItems: 9 } });
    const unreadable = reasonOf((outlet) => outlet.push('a'), {
      sizeOf: () => {
        throw new Error('hostile');
      },
    });
    const ended = reasonOf((outlet) => {
      outlet.drain();
      outlet.push('a');
    }, {});
    const lost = reasonOf((outlet) => outlet.lose('no clone of it'), {});
    expect([full, unreadable, ended, lost]).toMatchObject(
      ['the queue is full', 'an item could not be read', 'telemetry is shut down', 'no clone of it'].map((reason) => [
        { signal: 'logs', kind: 'dropping', items: 1, reason, changed: true },
      ]),
    );
  });
});
