import { describe, expect, it } from '@jest/globals';
import { isOver } from '../src/gate.ts';

describe('isOver', () => {
  const budget = (low: number, high: number) => ({
    name: 'a',
    atMost: 1,
    measured: { median: (low + high) / 2, low, high },
  });

  it('holds a ratio that is over its budget within its noise', () => {
    expect(isOver(budget(0.9, 1.5))).toBe(false);
  });

  it('fails one that is over it by more', () => {
    expect(isOver(budget(1.01, 1.5))).toBe(true);
  });
});
