import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventTime } from '../src/event-time.ts';

describe('EventTime', () => {
  it('writes what Date writes, whatever it wrote before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1_790_000_000_000, max: 1_790_000_003_000 })), (times) => {
        const time = new EventTime();
        for (const millis of times) expect(time.text(millis)).toBe(new Date(millis).toISOString());
      }),
    );
  });

  it.each([0, 5, 42, 999, 1000, 253_402_300_799_999])('writes %i', (millis) => {
    expect(new EventTime().text(millis)).toBe(new Date(millis).toISOString());
  });
});
