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

  it('lets one batch through when the wait is over, and all of them once one is answered', () => {
    const circuit = new Circuit(() => 1);
    expect(circuit.allows(0, 7)).toBe(true);
    circuit.failed(0, 0);
    expect([circuit.allows(999, 0), circuit.allows(1000, 0), circuit.allows(1000, 1)]).toEqual([false, true, false]);
    circuit.succeeded();
    expect(circuit.allows(1000, 7)).toBe(true);
  });

  it.each([
    ['shorter than our own', 999, 1000, 0],
    ['as long as our own', 1000, 1000, 1000],
    ['longer than our own', 1001, 1001, 1001],
    ['of nothing', 0, 1000, 0],
  ])('lets a flush end the wait unless the collector asked for it: %s', (_what, asked, waits, flushed) => {
    const circuit = new Circuit(() => 1);
    expect(circuit.failed(0, 0, asked)).toBe(waits);
    circuit.hurry(0);
    expect(circuit.retryAt).toBe(flushed);
  });

  it('does not make a wait longer for a flush', () => {
    const circuit = new Circuit(() => 1);
    circuit.failed(0, 0);
    circuit.hurry(5000);
    expect(circuit.retryAt).toBe(1000);
  });

  it.each<[string, (circuit: Circuit) => void]>([
    ['was answered', (circuit) => circuit.succeeded()],
    ['failed again', () => {}],
  ])('lets a flush end our own wait after the collector asked for one before and then %s', (_what, next) => {
    const circuit = new Circuit(() => 1);
    circuit.failed(0, circuit.round, 60_000);
    next(circuit);
    circuit.failed(60_000, circuit.round);
    circuit.hurry(60_000);
    expect(circuit.retryAt).toBe(60_000);
  });

  it('waits no longer for an export that fails long after the others of its round', () => {
    const circuit = new Circuit(() => 1);
    circuit.failed(0, 0);
    expect(circuit.failed(5000, 0)).toBe(0);
    expect(circuit.retryAt).toBe(1000);
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
