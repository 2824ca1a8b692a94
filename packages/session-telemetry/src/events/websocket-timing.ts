import { codexMetricNames } from '@codex-otel/metrics';
import type { EventRecorder } from '../event-recorder.ts';
import { property } from '../property.ts';
import type { WebsocketOutcome } from '../websocket-frame.ts';

const timingKind = 'responsesapi.websocket_timing';

/** The metric of each field of `timing_metrics`. Times between tokens are too short to be rounded. */
const timings: readonly (readonly [field: string, metric: string, fractions?: 'keep'])[] = [
  ['responses_duration_excl_engine_and_client_tool_time_ms', codexMetricNames.responsesApiOverheadDuration],
  ['engine_service_total_ms', codexMetricNames.responsesApiInferenceTimeDuration],
  ['engine_iapi_ttft_total_ms', codexMetricNames.responsesApiEngineIapiTtftDuration],
  ['engine_service_ttft_total_ms', codexMetricNames.responsesApiEngineServiceTtftDuration],
  ['engine_iapi_tbt_across_engine_calls_ms', codexMetricNames.responsesApiEngineIapiTbtDuration, 'keep'],
  ['engine_service_tbt_across_engine_calls_ms', codexMetricNames.responsesApiEngineServiceTbtDuration, 'keep'],
];

/** Whether a frame is the server's report of where the time of a response went. */
export function isTimingMessage(outcome: WebsocketOutcome): boolean {
  return outcome.eventKind === timingKind;
}

/** Records the timings that are valid; an invalid one does not affect the others. */
export function recordWebsocketTiming(recorder: EventRecorder, document: unknown): void {
  const values = property(document, 'timing_metrics');
  for (const [field, metric, fractions] of timings) {
    const value = property(values, field);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) continue;
    recorder.duration(metric, fractions === 'keep' ? value : Math.round(value), recorder.tags.session);
  }
}
