import { beforeEach, describe, expect, it } from '@jest/globals';
import { OutcomeLog } from '../../src/outlet/outcome-log.ts';
import type { OutletReport } from '../../src/outlet/outlet-report.ts';

let reports: OutletReport[];
let log: OutcomeLog;
beforeEach(() => {
  reports = [];
  log = new OutcomeLog('logs', (report) => reports.push(report));
});

const news = () => reports.map(({ changed }) => changed);

describe('OutcomeLog', () => {
  it('reports each outcome with its signal', () => {
    log.delivered(1, 12, true);
    log.rejected(2, 'a');
    log.unencoded(3, 'b');
    log.retrying(4, 'c', 50);
    log.failed(5, 'd');
    log.divided(6, 'e');
    log.hopeless(7, 'f');
    log.dropped(8, 'g');
    expect(reports).toEqual([
      { signal: 'logs', kind: 'exported', items: 1, elapsedMillis: 12, changed: false },
      { signal: 'logs', kind: 'rejected', items: 2, reason: 'a', changed: true },
      { signal: 'logs', kind: 'unencoded', items: 3, reason: 'b', changed: true },
      { signal: 'logs', kind: 'retrying', items: 4, reason: 'c', delayMillis: 50, changed: true },
      { signal: 'logs', kind: 'failed', items: 5, reason: 'd', changed: true },
      { signal: 'logs', kind: 'divided', items: 6, reason: 'e', changed: true },
      { signal: 'logs', kind: 'failed', items: 7, reason: 'f', changed: true },
      { signal: 'logs', kind: 'dropping', items: 8, reason: 'g', changed: true },
    ]);
  });

  it.each<[string, (reason: string) => void]>([
    ['rejection', (reason) => log.rejected(1, reason)],
    ['loss', (reason) => log.unencoded(1, reason)],
    ['retry', (reason) => log.retrying(1, reason, 1)],
    ['failure', (reason) => log.failed(1, reason)],
  ])('reports a %s again if its reason is a different one', (_what, report) => {
    for (const reason of ['a', 'a', 'b', 'a', '']) report(reason);
    expect(news()).toEqual([true, false, true, true, true]);
  });

  it.each<[string, (reason: string) => void]>([
    ['division', (reason) => log.divided(1, reason)],
    ['hopeless batch', (reason) => log.hopeless(1, reason)],
  ])('reports a %s once for each of twenty reasons', (_what, report) => {
    for (const reason of ['a', 'b', 'a', 'b']) report(reason);
    expect(news()).toEqual([true, true, false, false]);
    for (let count = 3; count <= 20; count += 1) report(`${count}`);
    report('a');
    report('one too many');
    report('a');
    expect(news().slice(-3)).toEqual([false, true, true]);
  });

  it('distinguishes outcomes for the same reason', () => {
    log.retrying(1, 'a', 1);
    log.failed(1, 'a');
    log.divided(1, 'a');
    log.hopeless(1, 'a');
    expect(news()).toEqual([true, true, true, true]);
  });

  it('reports once that exports work again, with the number of dropped items', () => {
    log.retrying(1, 'a', 1);
    log.dropped(2, 'full');
    log.dropped(3, 'full');
    log.delivered(1, 1, false);
    log.delivered(1, 1, true);
    expect(reports.map(({ kind, ...rest }) => [kind, 'items' in rest && rest.items])).toEqual([
      ['retrying', 1],
      ['dropping', 2],
      ['exported', 1],
      ['recovered', 5],
      ['exported', 1],
    ]);
    log.retrying(1, 'a', 1);
    log.dropped(1, 'full');
    expect(reports.slice(-2)).toMatchObject([
      { kind: 'retrying', changed: true },
      { kind: 'dropping', items: 1 },
    ]);
  });

  it('waits for room in the queue if only drops were reported', () => {
    log.dropped(2, 'full');
    log.delivered(1, 1, false);
    expect(reports.at(-1)?.kind).toBe('exported');
    log.delivered(1, 1, true);
    expect(reports.at(-1)).toEqual({ signal: 'logs', kind: 'recovered', items: 2, changed: true });
  });

  it('ignores a listener that throws, and needs none', () => {
    const throwing = new OutcomeLog('logs', () => {
      throw new Error('no');
    });
    throwing.failed(1, 'a');
    new OutcomeLog('logs').failed(1, 'a');
  });
});
