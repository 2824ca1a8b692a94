import { describe, expect, it } from '@jest/globals';
import {
  estimate,
  formatEstimate,
  formatFigure,
  formatRatio,
  formatSpread,
  ratioOf,
  summarize,
} from '../src/statistics.ts';

describe('summarize', () => {
  it('takes the middle of an odd count and the mean of the two middles of an even one', () => {
    expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, samples: [3, 1, 2] });
    expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  });

  it('refuses no samples', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe('formatSpread', () => {
  it('returns median and range', () => {
    expect(formatSpread(summarize([1, 2, 3]), ' ms')).toBe('2.00 ms (1.00–3.00)');
  });
});

describe('formatFigure', () => {
  it.each([
    [0, '0'],
    [0.0714, '0.071'],
    [9.26, '9.26'],
    [186.4, '186'],
    [-1.3, '-1.30'],
  ])('writes %d as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });
});

describe('formatRatio', () => {
  it('compares medians', () => {
    expect(formatRatio(summarize([1]), summarize([8]))).toBe('×0.125');
  });
});

describe('estimate', () => {
  it('narrows with the number of samples and is all of the range of a few', () => {
    const samples = (count: number) => Array.from({ length: count }, (_, index) => (index / (count - 1)) * 100);
    expect(estimate([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
    const { low, high } = estimate(samples(101));
    expect([low, high]).toEqual([40, 60]);
    expect(estimate(samples(1001)).low).toBeGreaterThan(45);
  });

  it('hardly changes because of one bad sample', () => {
    const samples = Array.from({ length: 20 }, () => 1);
    expect(estimate([...samples, 1000])).toEqual({ median: 1, low: 1, high: 1 });
  });
});

describe('ratioOf', () => {
  it('compares within rounds, so that a slow round changes nothing', () => {
    expect(ratioOf([1, 10, 2], [2, 20, 4])).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
    expect(formatEstimate(ratioOf([1, 2, 3], [2, 2, 2]))).toBe('×1.00 ±0.50');
  });

  it('has a narrower interval the more its samples agree', () => {
    const rounds = Array.from({ length: 30 }, (_, round) => round);
    const noisy = (size: number) => rounds.map((round) => 10 + ((round * 7) % 11) * size);
    const width = ({ low, high }: { readonly low: number; readonly high: number }) => high - low;

    const calm = ratioOf(noisy(0.1), noisy(0.1).reverse());
    const wild = ratioOf(noisy(1), noisy(1).reverse());

    expect(calm.low).toBeLessThanOrEqual(1);
    expect(calm.high).toBeGreaterThanOrEqual(1);
    expect(width(wild)).toBeGreaterThan(3 * width(calm));
    expect(ratioOf(noisy(1), noisy(1).reverse())).toEqual(wild);
  });
});
