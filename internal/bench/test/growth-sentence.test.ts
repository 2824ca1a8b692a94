import { describe, expect, it } from '@jest/globals';
import { growthSentence } from '../src/growth-sentence.ts';

describe('growthSentence', () => {
  const growth = { title: 'Counting', with: (size: string) => `${size} tags`, sizes: [10, 1000, 100_000] };
  const sentence = (...millis: readonly number[]) =>
    growthSentence(
      growth,
      millis.map((value, index) => ({ size: growth.sizes[index] ?? 0, millis: value })),
    );

  it.each([
    [[5e-5, 5e-5, 5.1e-5], 'costs 50 ns with 10 tags, and 51 ns with 100,000 tags: it does not grow with the number.'],
    [[5e-5, 6e-5, 9e-5], 'costs 50 ns with 10 tags, and 90 ns with 100,000 tags: it hardly grows with the number.'],
    [
      [5e-5, 9e-5, 1.2e-3],
      'costs 50 ns with 10 tags, and 1.2 µs with 100,000 tags: it grows more slowly than the number.',
    ],
    [
      [0.4, 0.5, 22],
      'costs 400 µs with 10 tags, and 22 ms with 100,000 tags: it grows more slowly than the number, and in the end in ' +
        'proportion to it.',
    ],
    [
      [1, 100, 10_000],
      'costs 1 ms with 10 tags, and 10000 ms with 100,000 tags: it grows in proportion to the number.',
    ],
    [[1e-6, 1, 1e6], 'costs 1 ns with 10 tags, and 1000000 ms with 100,000 tags: it grows faster than the number.'],
  ])('says how %j grows', (millis, expected) => {
    expect(sentence(...millis)).toBe(`Counting ${expected}`);
  });

  it('gives the reason only where it grows', () => {
    const withReason = { ...growth, reason: 'Since it must.' };
    const costs = (last: number) => [10, 1000, 100_000].map((size) => ({ size, millis: size === 100_000 ? last : 1 }));

    expect(growthSentence(withReason, costs(1))).not.toContain('Since');
    expect(growthSentence(withReason, costs(50))).toMatch(/ Since it must\.$/);
  });
});
