import { describe, expect, it } from '@jest/globals';
import { outletLimits } from '../../src/outlet/outlet-limits.ts';

describe('outletLimits', () => {
  it('keeps a burst of 20,000 by default, and waits as the specification says', () => {
    expect(outletLimits('traces', 10_000)).toMatchObject({ maxBatchItems: 512, scheduledDelayMillis: 5000 });
    expect(outletLimits('logs', 10_000)).toMatchObject({ maxBatchItems: 512, scheduledDelayMillis: 1000 });
    for (const signal of ['traces', 'logs', 'metrics'] as const) {
      expect(outletLimits(signal, 10_000).maxQueueItems).toBeGreaterThanOrEqual(20_000);
    }
  });

  it('bounds the queue, batches and exports of a signal by default', () => {
    expect(outletLimits('logs', 10_000)).toEqual({
      maxQueueItems: 65_536,
      maxQueueBytes: 67_108_864,
      maxBatchItems: 512,
      maxBatchBytes: 2_097_152,
      scheduledDelayMillis: 1000,
      exportTimeoutMillis: 10_000,
      maxConcurrentExports: 8,
    });
  });

  it('sends each collection of metrics separately and at once', () => {
    expect(outletLimits('metrics', 10_000)).toMatchObject({ maxBatchItems: 1, scheduledDelayMillis: 0 });
  });

  it('takes what the settings say', () => {
    const settings = { maxQueueSize: 1000, maxExportBatchSize: 100, scheduledDelayMillis: 0, exportTimeoutMillis: 500 };
    expect(outletLimits('logs', 10_000, settings)).toMatchObject({
      maxQueueItems: 1000,
      maxBatchItems: 100,
      scheduledDelayMillis: 0,
      exportTimeoutMillis: 500,
    });
  });

  it('has no batch larger than its queue, and no attempt longer than the connection’s time-out', () => {
    expect(outletLimits('logs', 10_000, { maxQueueSize: 10 }).maxBatchItems).toBe(10);
    expect(outletLimits('logs', 3000, { exportTimeoutMillis: 30_000 }).exportTimeoutMillis).toBe(3000);
  });
});
