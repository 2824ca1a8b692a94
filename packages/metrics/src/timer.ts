import { FailureReport } from './failure-report.ts';
import { MetricsError } from './metrics-error.ts';
import type { MetricsSink, Tags, Timer } from './metrics-sink.ts';

/** Where a timer's duration goes. */
export interface TimerTarget {
  readonly sink: Pick<MetricsSink, 'recordDuration'>;
  readonly failures?: FailureReport | undefined;
  /** Milliseconds from any fixed origin, never going back. @defaultValue `performance.now` */
  readonly now?: (() => number) | undefined;
}

/** Starts a timer. Name and tags are checked only when it records. */
export function createTimer(target: TimerTarget, name: string, tags: Tags | undefined): Timer {
  const now = target.now ?? monotonicMillis;
  const startedMillis = now();
  let recorded = false;
  const record = (additional?: Tags): void => {
    if (recorded) return;
    target.sink.recordDuration(
      name,
      now() - startedMillis,
      additional === undefined ? tags : mergedTags(additional, tags),
    );
    // Only now: after a refused tag the timer can still record without it.
    recorded = true;
  };
  return {
    record,
    [Symbol.dispose](): void {
      try {
        record();
      } catch (error) {
        // At the end of a block, an error here would hide the block's own.
        (target.failures ?? new FailureReport()).add(name, error);
        recorded = true;
      }
    },
  };
}

function mergedTags(additional: Tags, tags: Tags | undefined): Tags {
  try {
    return { ...additional, ...tags };
  } catch {
    throw new MetricsError('INVALID_TAG_COMPONENT', 'tags are not an object that can be read');
  }
}

function monotonicMillis(): number {
  return performance.now();
}
