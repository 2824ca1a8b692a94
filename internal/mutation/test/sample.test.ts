import { describe, expect, it } from '@jest/globals';
import { sample } from '../src/sample.ts';

const numbers = Array.from({ length: 1000 }, (_none, index) => index);

describe('sample', () => {
  it('is the same for the same seed, and differs for another seed', () => {
    const first = sample(numbers, 200, 1);
    expect(new Set(first).size).toBe(200);
    expect(sample(numbers, 200, 1)).toEqual(first);
    expect(sample(numbers, 200, 2)).not.toEqual(first);
  });

  it('takes items from the whole list, in order', () => {
    const chosen = sample(numbers, 100, 7);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    for (const from of [0, 250, 500, 750]) {
      expect(chosen.filter((number) => number >= from && number < from + 250).length).toBeGreaterThan(10);
    }
  });

  it('is the whole list if the list is shorter', () => {
    expect(sample([1, 2], 5, 1)).toEqual([1, 2]);
  });
});
