import { describe, expect, it } from '@jest/globals';
import { formatRatio, formatSpread, summarize } from '../src/statistics.ts';

describe('summarize', () => {
  it('takes the middle of an odd count and the mean of the two middles of an even one', () => {
    expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, samples: 3 });
    expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  });

  it('refuses no samples', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe('formatSpread', () => {
  it('gives median and range', () => {
    expect(formatSpread(summarize([1, 2, 3]), ' ms')).toBe('2.00 ms (1.00–3.00)');
  });
});

describe('formatRatio', () => {
  it('compares medians', () => {
    expect(formatRatio(summarize([1]), summarize([8]))).toBe('×0.125');
  });
});
