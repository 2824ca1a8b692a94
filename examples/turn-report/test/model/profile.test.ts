import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Claim } from '../../src/model/profile.ts';
import { deriveParts } from '../../src/model/profile.ts';

const claim = (part: Claim['part'], startMillis: number, endMillis: number): Claim => ({
  part,
  startMillis,
  endMillis,
});

describe('deriveParts', () => {
  it('counts each moment once, for the claim with the highest precedence', () => {
    const parts = deriveParts(0, 100, [
      claim('inference', 0, 80),
      claim('tools', 40, 90),
      claim('tools', 50, 60),
      claim('userWait', 55, 70),
      claim('autoReview', 65, 75),
    ]);
    expect(parts).toEqual({ inference: 40, tools: 30, userWait: 15, autoReview: 5, overhead: 10, unknown: 0 });
  });

  it('adds up to the duration, with nothing negative, for any claims', () => {
    const time = fc.integer({ min: -50, max: 150 });
    const part = fc.constantFrom('userWait' as const, 'autoReview' as const, 'tools' as const, 'inference' as const);
    const claims = fc.array(fc.record({ part, startMillis: time, endMillis: time }));
    fc.assert(
      fc.property(claims, (given) => {
        const parts = Object.values(deriveParts(0, 100, given));
        expect(parts.reduce((sum, millis) => sum + millis)).toBe(100);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
