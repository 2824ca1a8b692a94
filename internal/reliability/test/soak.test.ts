import { describe, expect, it } from '@jest/globals';
import { runSoak } from '../src/soak.ts';

describe('an agent under load whose collector goes up and down', () => {
  // For longer: `npm run reliability -- soak MINUTES`.
  it('loses nothing with a spool', async () => {
    const { events, arrived, lost } = await runSoak(0.2);
    expect(events).toBeGreaterThan(1000);
    expect({ arrived, lost }).toEqual({ arrived: events, lost: 0 });
  });
});
