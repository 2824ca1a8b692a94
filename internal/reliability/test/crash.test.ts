import { describe, expect, it } from '@jest/globals';
import { runCrashes } from '../src/crash.ts';

describe('processes that are killed at random moments', () => {
  // 200 of them: `npm run reliability -- crash`.
  it('lose nothing from the spool, and repeat batches only under the same id', async () => {
    const { acknowledged, missing, unmarked, left } = await runCrashes(12);
    expect(acknowledged).toBeGreaterThan(0);
    expect({ missing, unmarked, left }).toEqual({ missing: 0, unmarked: 0, left: [] });
  });
});
