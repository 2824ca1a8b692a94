import { describe, expect, it } from '@jest/globals';
import { runSoak } from '../src/soak.ts';

describe('an agent under load whose collector comes and goes', () => {
  // Half an hour of it: `npm run reliability -- soak`.
  it('loses nothing with a spool', async () => {
    const { events, arrived, lost } = await runSoak(0.2);
    expect(events).toBeGreaterThan(10_000);
    expect({ arrived, lost }).toEqual({ arrived: events, lost: 0 });
  }, 120_000);
});
