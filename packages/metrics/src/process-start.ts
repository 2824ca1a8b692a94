import { codexMetricNames } from './codex-metric-names.ts';
import type { MetricsSink } from './metrics-sink.ts';
import { processState } from './process-state.ts';
import { boundedOriginatorTagValue } from './tag-value.ts';

/**
 * Counts the start of this process, once however often it is called, and by the name of the client, without
 * session tags. A call that fails leaves it to the next one.
 *
 * @returns whether this call counted.
 */
export function recordProcessStart(sink: Pick<MetricsSink, 'counter'>, originator: string): boolean {
  const state = processState();
  if (state.processStartRecorded === true) return false;
  sink.counter(codexMetricNames.processStart, 1, { originator: boundedOriginatorTagValue(originator) });
  state.processStartRecorded = true;
  return true;
}
