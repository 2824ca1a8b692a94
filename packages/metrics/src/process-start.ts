import { codexMetricNames } from './codex-metric-names.ts';
import type { MetricsSink } from './metrics-sink.ts';
import { processState } from './process-state.ts';
import { boundedOriginatorTagValue } from './tag-value.ts';

/**
 * Counts the start of this process, once, however often it is called. The only tag is `originator`. If a call throws,
 * the next one counts.
 *
 * @param originator - Name of the client; see {@link boundedOriginatorTagValue}.
 * @returns whether this call counted.
 */
export function recordProcessStart(sink: Pick<MetricsSink, 'counter'>, originator: string): boolean {
  const state = processState();
  if (state.processStartRecorded === true) return false;
  sink.counter(codexMetricNames.processStart, 1, { originator: boundedOriginatorTagValue(originator) });
  state.processStartRecorded = true;
  return true;
}
