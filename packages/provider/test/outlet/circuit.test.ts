import { describe, expect, it } from '@jest/globals';
import { Circuit } from '../../src/outlet/circuit.ts';
import { pushAll, rig } from './outlet-rig.ts';

describe('Circuit', () => {
  it('never retries at once, whatever the jitter', () => {
    expect(new Circuit(() => 0).failed(1000, 0)).toBe(50);
  });

  it('waits longer with each failure, up to half a minute', () => {
    const circuit = new Circuit(() => 1);
    const waits = Array.from({ length: 7 }, () => circuit.failed(0, circuit.round));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('counts failures of one round once', () => {
    const circuit = new Circuit(() => 1);
    expect([circuit.failed(0, 0), circuit.failed(0, 0)]).toEqual([1000, 1000]);
  });

  it.each(['failed', 'refused'] as const)("is closed by any answer, even one with the result '%s'", async (kind) => {
    let asked = 0;
    const { outlet, sender, clock } = rig({
      limits: { maxBatchItems: 1, maxConcurrentExports: 2 },
      answer: () => {
        asked += 1;
        if (asked <= 2) return { kind: 'retryable', reason: 'away' };
        return asked === 3 ? { kind, reason: 'no' } : undefined;
      },
    });
    pushAll(outlet, 'a', 'b', 'c');
    await clock.advance(4000);
    // The batch that was let through as a test was answered. If the circuit were still open, it would let through only
    // one more.
    expect(sender.batches.length).toBe(5);
  });
});
