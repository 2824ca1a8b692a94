import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Trouble, Verdict } from '../../src/outlet/batch-blame.ts';
import { BatchBlame } from '../../src/outlet/batch-blame.ts';

let blame: BatchBlame;
beforeEach(() => {
  blame = new BatchBlame(() => 1);
});

const troubleOf = (verdict: Verdict): Trouble | undefined => ('trouble' in verdict ? verdict.trouble : undefined);

/** A batch comes back at the time 1000, with what has happened to it so far. */
function comesBack(
  id: string,
  before: Trouble | undefined,
  options: { brokenOff?: 'reset' | 'timeout'; retryAfterMillis?: number; isDivisible?: boolean } = {},
): Verdict {
  const { isDivisible = false, ...result } = options;
  return blame.cameBack(
    { id, ...(before && { trouble: before }) },
    { kind: 'retryable', reason: 'x', ...result },
    1000,
    isDivisible,
  );
}

const first: Trouble = {
  failures: 1,
  breaks: 0,
  strikes: 0,
  deliveriesAtFirst: 0,
  deliveriesBefore: 0,
  retryAt: 1000,
};

describe('BatchBlame', () => {
  it('blames the collector for a failure', () => {
    expect(comesBack('a', undefined)).toEqual({ kind: 'collector', trouble: first });
    expect(comesBack('a', undefined, { brokenOff: 'timeout' })).toEqual({
      kind: 'collector',
      trouble: { ...first, breaks: 1 },
    });
    expect(comesBack('a', first)).toEqual({ kind: 'collector', trouble: { ...first, failures: 2 } });
  });

  it('blames the batch for the first connection that is cut, and the collector for that of a second batch', () => {
    expect(comesBack('a', undefined, { brokenOff: 'reset' })).toEqual({
      kind: 'batch',
      trouble: { ...first, breaks: 1, retryAt: 2000 },
    });
    expect(comesBack('b', undefined, { brokenOff: 'reset' }).kind).toBe('collector');
    // The last batch whose connection was cut is remembered.
    expect(comesBack('b', undefined, { brokenOff: 'reset' }).kind).toBe('batch');
    expect(comesBack('a', undefined, { brokenOff: 'reset' }).kind).toBe('collector');
    blame.delivered();
    expect(comesBack('c', undefined, { brokenOff: 'reset' }).kind).toBe('batch');
  });

  it.each([undefined, 'timeout'] as const)(
    'does not take a failure that is no cut connection (%s) for the first one',
    (brokenOff) => {
      comesBack('a', undefined, { ...(brokenOff && { brokenOff }) });
      expect(comesBack('b', undefined, { brokenOff: 'reset' }).kind).toBe('batch');
    },
  );

  it('blames the batch for a failure while others pass, and makes it wait longer each time', () => {
    blame.delivered();
    expect(comesBack('a', { ...first, failures: 2 })).toEqual({
      kind: 'batch',
      trouble: { ...first, failures: 3, deliveriesBefore: 1, retryAt: 1000 + 4000 },
    });
    expect(comesBack('a', { ...first, deliveriesBefore: 1 }).kind).toBe('collector');
  });

  it('waits as long as the collector asks', () => {
    blame.delivered();
    expect(comesBack('a', first, { retryAfterMillis: 0 }).kind).toBe('collector');
    expect(comesBack('b', undefined, { brokenOff: 'reset', retryAfterMillis: 5 }).kind).toBe('collector');
  });

  it('counts breaks in a row, and as strikes those that happen while others pass', () => {
    blame.delivered();
    expect(troubleOf(comesBack('a', { ...first, breaks: 1, strikes: 1 }, { brokenOff: 'timeout' }))).toMatchObject({
      breaks: 2,
      strikes: 2,
    });
    expect(troubleOf(comesBack('a', { ...first, breaks: 0 }, { brokenOff: 'timeout' }))).toMatchObject({
      breaks: 1,
      strikes: 0,
    });
    expect(troubleOf(comesBack('a', { ...first, breaks: 4, strikes: 1 }))).toMatchObject({ breaks: 0, strikes: 1 });
    expect(
      troubleOf(comesBack('a', { ...first, breaks: 3, deliveriesBefore: 1 }, { brokenOff: 'timeout' })),
    ).toMatchObject({ breaks: 4, strikes: 0 });
  });

  it.each<[string, 'reset' | 'timeout' | undefined, number, number, boolean, string]>([
    ['cut off twice', 'reset', 1, 0, true, 'divide'],
    ['cut off once', 'reset', 0, 0, true, 'batch'],
    ['cut off twice, but not divisible', 'reset', 1, 0, false, 'batch'],
    ['late twice', 'timeout', 1, 0, true, 'collector'],
    ['late twice while others pass', 'timeout', 1, 1, true, 'divide'],
    ['late once while others pass', 'timeout', 0, 1, true, 'batch'],
    ['refused by a busy server while others pass', undefined, 1, 1, true, 'batch'],
  ])('decides about a batch that is %s', (_what, brokenOff, breaks, deliveries, isDivisible, kind) => {
    for (let count = 0; count < deliveries; count += 1) blame.delivered();
    expect(comesBack('a', { ...first, breaks }, { ...(brokenOff && { brokenOff }), isDivisible }).kind).toBe(kind);
  });

  it.each<[string, 'reset' | 'timeout', Partial<Trouble>, number, string]>([
    ['three strikes', 'reset', { breaks: 3, strikes: 2 }, 1, 'hopeless'],
    ['two strikes', 'reset', { breaks: 3, strikes: 1 }, 1, 'batch'],
    ['three strikes, late each time', 'timeout', { breaks: 3, strikes: 2 }, 1, 'batch'],
    ['six breaks, others passed once', 'reset', { breaks: 5, deliveriesBefore: 1 }, 1, 'hopeless'],
    ['five breaks, others passed once', 'reset', { breaks: 4, deliveriesBefore: 1 }, 1, 'batch'],
    ['six breaks, none passed', 'reset', { breaks: 5, deliveriesBefore: 1, deliveriesAtFirst: 1 }, 1, 'batch'],
  ])('decides about a batch after %s', (_what, brokenOff, before, deliveries, kind) => {
    for (let count = 0; count < deliveries; count += 1) blame.delivered();
    expect(comesBack('a', { ...first, ...before }, { brokenOff }).kind).toBe(kind);
  });

  it('allows dividing refused batches until two hundred refusals in a row', () => {
    const refusals = Array.from({ length: 201 }, () => blame.refused());
    expect(refusals.indexOf(false)).toBe(200);
    blame.delivered();
    expect(blame.refused()).toBe(true);
  });

  it('starts a half with one more failure than the whole', () => {
    blame.delivered();
    const whole = { id: 'a', items: [], bytes: 0, count: 0, firstPlace: 0 };
    const half = { ...first, deliveriesAtFirst: 1, deliveriesBefore: 1 };
    expect(blame.troubleOfHalf(whole, 1000)).toEqual(half);
    expect(blame.troubleOfHalf({ ...whole, trouble: { ...first, failures: 4, breaks: 3, strikes: 2 } }, 1000)).toEqual({
      ...half,
      failures: 5,
    });
  });
});
