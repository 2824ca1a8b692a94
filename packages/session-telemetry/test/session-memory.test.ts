import { describe, expect, it } from '@jest/globals';
import { RecentKeys } from '../src/session-memory.ts';

describe('RecentKeys', () => {
  it('remembers what it has seen', () => {
    const keys = new RecentKeys();
    expect([keys.add('a'), keys.add('b'), keys.add('a')]).toEqual([true, true, false]);
  });

  it('forgets the oldest, so that it does not grow with a long session', () => {
    const keys = new RecentKeys();
    for (let key = 0; key <= 4096; key += 1) keys.add(String(key));
    expect(keys.add('4096')).toBe(false);
    expect(keys.add('0')).toBe(true);
  });
});
