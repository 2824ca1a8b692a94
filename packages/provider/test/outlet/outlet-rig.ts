import type { SendResult } from '@codex-otel/metrics/otlp';
import type { BatchSending } from '../../src/outlet/batch-sending.ts';
import { createOutlet } from '../../src/outlet/batching-outlet.ts';
import type { Outlet, OutletLimits, OutletOptions } from '../../src/outlet/outlet.ts';
import type { OutletReport } from '../../src/outlet/outlet-report.ts';
import type { FakeClock } from './fake-clock.ts';
import { fakeClock } from './fake-clock.ts';
import type { SentBatch } from './fake-sender.ts';
import { FakeSender } from './fake-sender.ts';

export const DELIVERED: SendResult = { kind: 'delivered' };
export const AWAY: SendResult = { kind: 'retryable', reason: 'connection refused' };

/** An outlet on the test's clock, with a sender with given answers. */
export interface Rig {
  readonly clock: FakeClock;
  readonly sender: FakeSender;
  readonly outlet: Outlet<string>;
  readonly reports: OutletReport[];
}

export function rig(
  options: Partial<Omit<OutletOptions<string>, 'limits'>> & {
    readonly limits?: Partial<OutletLimits>;
    /** Loads the half that sends. */
    readonly load?: () => Promise<typeof BatchSending>;
    readonly answer?: (batch: SentBatch) => SendResult | undefined;
  } = {},
): Rig {
  const clock = fakeClock();
  const { answer, limits, load, ...rest } = options;
  const sender = new FakeSender(clock.now, answer);
  const reports: OutletReport[] = [];
  const outlet = createOutlet<string>(
    {
      signal: 'logs',
      openSender: async () => sender,
      sizeOf: (item) => item.length,
      onReport: (report) => reports.push(report),
      clock,
      random: () => 1,
      ...rest,
      limits: {
        maxQueueItems: 100,
        maxQueueBytes: 10_000,
        maxBatchItems: 3,
        maxBatchBytes: 1000,
        scheduledDelayMillis: 200,
        exportTimeoutMillis: 5000,
        maxConcurrentExports: 2,
        ...limits,
      },
    },
    load,
  );
  return { clock, sender, outlet, reports };
}

export function pushAll(outlet: Outlet<string>, ...items: string[]): void {
  for (const item of items) outlet.push(item);
}

/** Whether a promise has settled, without waiting for it. */
export function watch(promise: Promise<void>): () => boolean {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  return () => settled;
}
