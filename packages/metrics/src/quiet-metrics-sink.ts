import { FailureReport } from './failure-report.ts';
import type { MetricsSink } from './metrics-sink.ts';
import { createTimer } from './timer.ts';

/** A sink whose recording methods never throw. */
export interface QuietMetricsSink extends MetricsSink {
  /** How many values could not be recorded. */
  readonly failures: number;
}

/**
 * Wraps a sink for the hot path of an agent, where telemetry must not throw. Failures are counted, and reported on
 * `diag` once for each metric. `snapshot` and `shutdown` still reject.
 */
export function quietMetricsSink(sink: MetricsSink): QuietMetricsSink {
  const failures = new FailureReport();
  const attempt = (name: string, record: () => void): void => {
    try {
      record();
    } catch (error) {
      failures.add(name, error);
    }
  };
  const quiet: QuietMetricsSink = {
    counter: (name, increment, tags, description) =>
      attempt(name, () => sink.counter(name, increment, tags, description)),
    histogram: (name, value, tags) => attempt(name, () => sink.histogram(name, value, tags)),
    recordDuration: (name, millis, tags) => attempt(name, () => sink.recordDuration(name, millis, tags)),
    startTimer: (name, tags) => {
      const timer = createTimer({ sink, failures }, name, tags);
      return { ...timer, record: (additional) => attempt(name, () => timer.record(additional)) };
    },
    get failures() {
      return failures.count;
    },
    ...optionalCalls(sink, attempt),
  };
  return quiet;
}

/** Only the methods that the sink has, since a caller may check for them. */
function optionalCalls(sink: MetricsSink, attempt: (name: string, record: () => void) => void): Partial<MetricsSink> {
  const { histogramWithBoundaries, recordDurationSeconds, snapshot, shutdown } = sink;
  return {
    ...(histogramWithBoundaries && {
      histogramWithBoundaries: (...call) => attempt(call[0], () => histogramWithBoundaries.apply(sink, call)),
    }),
    ...(recordDurationSeconds && {
      recordDurationSeconds: (...call) => attempt(call[0], () => recordDurationSeconds.apply(sink, call)),
    }),
    ...(snapshot && { snapshot: () => snapshot.call(sink) }),
    ...(shutdown && { shutdown: (options) => shutdown.call(sink, options) }),
  };
}
