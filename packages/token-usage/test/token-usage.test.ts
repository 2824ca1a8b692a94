import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TokenUsage } from '../src/token-usage.ts';
import {
  addTokenUsage,
  checkedTokenUsage,
  NO_TOKEN_USAGE,
  nonCachedInputTokens,
  subtractTokenUsage,
} from '../src/token-usage.ts';

const usage: TokenUsage = {
  inputTokens: 3,
  cachedInputTokens: 1,
  cacheWriteInputTokens: 0,
  outputTokens: 5,
  reasoningOutputTokens: 2,
  totalTokens: 9,
};

const count = fc.integer({ min: 0, max: 2 ** 40 });
const usages = fc.record({
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteInputTokens: count,
  outputTokens: count,
  reasoningOutputTokens: count,
  totalTokens: count,
});

describe('nonCachedInputTokens', () => {
  it('leaves out what was read from the cache', () => expect(nonCachedInputTokens(usage)).toBe(2));

  it('does not subtract what was written to the cache', () => {
    expect(nonCachedInputTokens({ ...usage, cacheWriteInputTokens: 2 })).toBe(2);
  });

  it('is 0 when more was cached than sent', () => {
    expect(nonCachedInputTokens({ ...usage, cachedInputTokens: 4 })).toBe(0);
  });
});

describe('addTokenUsage', () => {
  it('adds every field', () => {
    expect(addTokenUsage(usage, usage)).toEqual({
      inputTokens: 6,
      cachedInputTokens: 2,
      cacheWriteInputTokens: 0,
      outputTokens: 10,
      reasoningOutputTokens: 4,
      totalTokens: 18,
    });
  });

  it('stops at the largest safe integer', () => {
    const most = { ...usage, totalTokens: Number.MAX_SAFE_INTEGER };
    expect(addTokenUsage(most, usage).totalTokens).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is commutative and associative, with NO_TOKEN_USAGE neutral', () => {
    fc.assert(
      fc.property(usages, usages, usages, (a, b, c) => {
        expect(addTokenUsage(a, b)).toEqual(addTokenUsage(b, a));
        expect(addTokenUsage(addTokenUsage(a, b), c)).toEqual(addTokenUsage(a, addTokenUsage(b, c)));
        expect(addTokenUsage(a, NO_TOKEN_USAGE)).toEqual(a);
      }),
    );
  });
});

describe('subtractTokenUsage', () => {
  it('undoes addTokenUsage', () => {
    fc.assert(fc.property(usages, usages, (a, b) => expect(subtractTokenUsage(addTokenUsage(a, b), b)).toEqual(a)));
  });

  it('never goes below 0 in any field', () => {
    fc.assert(
      fc.property(usages, usages, (a, b) => {
        expect(checkedTokenUsage(subtractTokenUsage(a, b))).toBeDefined();
      }),
    );
  });

  it('clamps each field separately', () => {
    const start = { ...NO_TOKEN_USAGE, inputTokens: 100, totalTokens: 4 };
    expect(subtractTokenUsage(usage, start)).toEqual({ ...usage, inputTokens: 0, totalTokens: 5 });
  });
});

describe('NO_TOKEN_USAGE', () => {
  it('cannot be changed', () => expect(Object.isFrozen(NO_TOKEN_USAGE)).toBe(true));
});

describe('checkedTokenUsage', () => {
  it('passes usage on, without what does not belong to it', () => {
    expect(checkedTokenUsage({ ...usage, extra: 1 })).toEqual(usage);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'usage'],
    ['a missing field', { ...usage, totalTokens: undefined }],
    ['a negative field', { ...usage, inputTokens: -1 }],
    ['a fraction', { ...usage, inputTokens: 1.5 }],
    ['a number as text', { ...usage, inputTokens: '3' }],
    ['NaN', { ...usage, outputTokens: Number.NaN }],
    ['infinity', { ...usage, outputTokens: Number.POSITIVE_INFINITY }],
    ['an unsafe integer', { ...usage, outputTokens: 2 ** 53 }],
    ['a bigint', { ...usage, outputTokens: 3n }],
  ])('refuses %s', (_what, value) => expect(checkedTokenUsage(value)).toBeUndefined());

  it('survives a getter that throws', () => {
    const hostile = Object.defineProperty({ ...usage }, 'inputTokens', {
      get() {
        throw new Error('no');
      },
    });
    expect(checkedTokenUsage(hostile)).toBeUndefined();
  });
});
