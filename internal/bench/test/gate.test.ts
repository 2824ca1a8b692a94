import { describe, expect, it } from '@jest/globals';
import type { Budget } from '../src/budgets.ts';
import { isOver } from '../src/gate.ts';

describe('isOver', () => {
  const budget: Budget = { goal: 'a', topic: 'startup', atMost: 1, unit: '×' };
  const between = (low: number, high: number) => ({ median: (low + high) / 2, low, high });

  it('holds a ratio that is over its budget within its noise', () => {
    expect(isOver(budget, between(0.9, 1.5))).toBe(false);
  });

  it('fails one that is over it by more', () => {
    expect(isOver(budget, between(1.01, 1.5))).toBe(true);
  });

  it('holds a budget that is missed anyway to what is on record', () => {
    const missed = { ...budget, missed: { gateAtMost: 2, tried: 'all', whyItStays: 'it is hard' } };

    expect(isOver(missed, between(1.5, 1.9))).toBe(false);
    expect(isOver(missed, between(2.1, 2.5))).toBe(true);
  });
});
