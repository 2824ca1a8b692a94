import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { microUsdFromDecimal } from '../src/index.ts';

describe('microUsdFromDecimal', () => {
  it.each([
    ['0', 0],
    ['1', 1_000_000],
    ['0.5', 500_000],
    ['0.000001', 1],
    ['0.0000004', 0],
    ['0.0000005', 1],
    ['0.00000049999', 0],
    ['0.1234567', 123_457],
    ['1.9999995', 2_000_000],
    ['1.', 1_000_000],
    ['007.10', 7_100_000],
    ['9007199254.740991', 9_007_199_254_740_991],
  ])('makes %s dollars %i', (amount, micros) => {
    expect(microUsdFromDecimal(amount)).toBe(micros);
  });

  it.each([
    '',
    '.',
    '.5',
    '-1',
    '+1',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    '1.2.3',
    '0x10',
    'NaN',
    '٣',
    '9007199254.740992',
    '9'.repeat(400),
  ])('does not take %j', (amount) => {
    expect(microUsdFromDecimal(amount)).toBeUndefined();
  });

  it('is exact for amounts of six digits, where binary fractions are not', async () => {
    await fc.assert(
      fc.property(fc.maxSafeNat(), (micros) => {
        const digits = `${micros}`.padStart(7, '0');

        expect(microUsdFromDecimal(`${digits.slice(0, -6)}.${digits.slice(-6)}`)).toBe(micros);
      }),
    );
  });
});
