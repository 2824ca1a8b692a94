import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tokenCostMicroUsd } from '../src/token-price.ts';
import type { TokenUsage } from '../src/token-usage.ts';
import { NO_TOKEN_USAGE } from '../src/token-usage.ts';

const million: TokenUsage = {
  inputTokens: 1_000_000,
  cachedInputTokens: 600_000,
  cacheWriteInputTokens: 100_000,
  outputTokens: 1_000_000,
  reasoningOutputTokens: 400_000,
  totalTokens: 2_000_000,
};

describe('tokenCostMicroUsd', () => {
  it('charges each part its own price, once', () => {
    const price = {
      input: '1.25',
      cachedInput: '0.125',
      cacheWriteInput: '1.5625',
      output: '10',
      reasoningOutput: '5',
    };
    // 300k × 1.25 + 600k × 0.125 + 100k × 1.5625 + 600k × 10 + 400k × 5
    expect(tokenCostMicroUsd(million, price)).toBe(375_000 + 75_000 + 156_250 + 6_000_000 + 2_000_000);
  });

  it('charges cached, written and reasoning tokens like other tokens if they have no price', () => {
    expect(tokenCostMicroUsd(million, { input: 1, output: 2 })).toBe(3_000_000);
  });

  it('is exact where floating point is not', () => {
    const usage = { ...NO_TOKEN_USAGE, inputTokens: 15, totalTokens: 15 };
    // 15 × 0.1 is 1.5 and rounds up; three times 0.1 × 5 in floating point would not be.
    expect(tokenCostMicroUsd(usage, { input: 0.1, output: 0 })).toBe(2);
    expect(tokenCostMicroUsd({ ...usage, inputTokens: 3 }, { input: '0.1666666666666', output: 0 })).toBe(0);
    expect(tokenCostMicroUsd({ ...usage, inputTokens: 3 }, { input: '0.166666666666666667', output: 0 })).toBe(1);
  });

  it.each([
    [1e-7, 10_000_000, 1],
    ['2.5E-1', 4, 1],
    ['1e+2', 1, 100],
  ])('reads a price written as %p', (input, inputTokens, cost) => {
    expect(tokenCostMicroUsd({ ...NO_TOKEN_USAGE, inputTokens }, { input, output: 0 })).toBe(cost);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '', 'free', '1,25', '-0.1', '0x10', undefined, null, {}])(
    'refuses the price %p and names it',
    (bad) => {
      const price = { input: 1, output: bad as string };
      expect(() => tokenCostMicroUsd(million, price)).toThrow(/price of output/);
    },
  );

  it('names an optional price that is bad', () => {
    expect(() => tokenCostMicroUsd(million, { input: 1, output: 1, cachedInput: 'x' })).toThrow(/cachedInput/);
  });

  it('costs nothing if the usage is malformed', () => {
    expect(tokenCostMicroUsd({ ...million, inputTokens: -1 }, { input: 1, output: 1 })).toBe(0);
  });

  it('charges no token twice when a part exceeds its whole', () => {
    const odd = {
      ...NO_TOKEN_USAGE,
      inputTokens: 10,
      cachedInputTokens: 50,
      outputTokens: 1,
      reasoningOutputTokens: 7,
    };
    expect(tokenCostMicroUsd(odd, { input: 1, output: 1 })).toBe(11);
  });

  it('equals whole-number arithmetic for prices of whole dollars', () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(count, count, fc.nat(1000), fc.nat(1000), (inputTokens, outputTokens, input, output) => {
        const usage = { ...NO_TOKEN_USAGE, inputTokens, outputTokens };
        expect(tokenCostMicroUsd(usage, { input, output })).toBe(inputTokens * input + outputTokens * output);
      }),
    );
  });
});
