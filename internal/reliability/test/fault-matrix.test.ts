import { describe, expect, it } from '@jest/globals';
import { attemptMillis, faults, itemsPerSignal, protocols, runFault, situations } from '../src/fault-matrix.ts';

/** Two cells at a time: they mostly wait. */
const cells = faults.flatMap((fault) => protocols.map((protocol) => ({ fault, protocol, name: fault.name })));
const signals = ['traces', 'logs', 'metrics'] as const;
/** Far above the times in docs/reliability.md, for busy machines, and far below the time-out of one attempt. */
const soonMillis = attemptMillis / 2;
const everything = { traces: itemsPerSignal, logs: itemsPerSignal, metrics: 1 };

describe.each(cells)('a collector with the fault "$name" over $protocol', ({ fault, protocol }) => {
  it.each(situations)('loses nothing of any signal in the situation: %s', async (situation) => {
    const { report, exitCode, lingeredMillis, arrived } = await runFault(fault, protocol, situation);
    expect(exitCode).toBe(0);
    expect(report.heldMillis).toBeLessThan(soonMillis);
    expect(lingeredMillis).toBeLessThan(soonMillis);
    expect(report.heapMiB).toBeLessThan(100);
    for (const signal of signals) {
      const { queued, exported, handedOver, dropped, failed } = report.stats[signal];
      expect({ signal, exported, dropped, failed }).toEqual({ signal, exported: 0, dropped: 0, failed: 0 });
      if (situation === 'running') expect(queued).toBeGreaterThanOrEqual(everything[signal]);
      else expect({ queued, handedOver: handedOver >= everything[signal] }).toEqual({ queued: 0, handedOver: true });
    }
    expect(report.errorCode).toBe(situation === 'exit' ? undefined : 'OTEL_SHUTDOWN_INCOMPLETE');
    if (situation !== 'running') expect(arrived).toEqual(everything);
  });
});
