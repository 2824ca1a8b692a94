import { describe, expect, it } from '@jest/globals';
import { faults, itemsPerSignal, protocols, runFault, situations, timeoutMillis } from '../src/fault-matrix.ts';

/** Two cells at a time: they mostly wait. */
const cells = faults.flatMap((fault) => protocols.map((protocol) => ({ fault, protocol, name: fault.name })));
const signals = ['traces', 'logs', 'metrics'] as const;
/** What a loaded machine may add to any of the times, far less than the faults would last; docs/reliability.md has the measured ones. */
const loadMillis = 15_000;
const everything = { traces: itemsPerSignal, logs: itemsPerSignal, metrics: 1 };

describe.each(cells)('a collector with the fault "$name" over $protocol', ({ fault, protocol }) => {
  it.each(situations)(
    'costs no signal anything while an agent is in: %s',
    async (situation) => {
      const { report, exitCode, lingeredMillis, arrived } = await runFault(fault, protocol, situation);
      expect(exitCode).toBe(0);
      expect(report.heldMillis).toBeLessThan(timeoutMillis + loadMillis);
      expect(lingeredMillis).toBeLessThan(loadMillis);
      expect(report.heapMiB).toBeLessThan(100);
      for (const signal of signals) {
        const { queued, exported, handedOver, dropped, failed } = report.stats[signal];
        expect({ signal, exported, dropped, failed }).toEqual({ signal, exported: 0, dropped: 0, failed: 0 });
        if (situation === 'running') expect(queued).toBeGreaterThanOrEqual(everything[signal]);
        else expect({ queued, handedOver: handedOver >= everything[signal] }).toEqual({ queued: 0, handedOver: true });
      }
      expect(report.errorCode).toBe(situation === 'exit' ? undefined : 'OTEL_SHUTDOWN_INCOMPLETE');
      if (situation !== 'running') expect(arrived).toEqual(everything);
    },
    60_000,
  );
});
