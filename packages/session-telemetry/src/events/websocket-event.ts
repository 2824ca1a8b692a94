import { WEBSOCKET_EVENT_COUNT_METRIC, WEBSOCKET_EVENT_DURATION_METRIC } from '@codex-otel/metrics';
import { property } from '../error-description.ts';
import type { EventRecorder } from '../event-recorder.ts';
import type { WebsocketEventInput } from '../websocket-frame.ts';
import { classifyWebsocketFrame } from '../websocket-frame.ts';
import { isTimingMessage, recordWebsocketTiming } from './websocket-timing.ts';

/** Counts what a socket delivered. It makes no record: a stream's own events do. */
export function recordWebsocketEvent(recorder: EventRecorder, options: WebsocketEventInput): void {
  const outcome = classifyWebsocketFrame(options);
  if (outcome === undefined) return;
  const outcomes = recorder.tags.ofKind(outcome.eventKind);
  const tags = outcome.success ? outcomes.succeeded : outcomes.failed;
  recorder.count(WEBSOCKET_EVENT_COUNT_METRIC, 1, tags);
  recorder.duration(WEBSOCKET_EVENT_DURATION_METRIC, property(options, 'durationMillis'), tags);
  if (isTimingMessage(outcome)) recordWebsocketTiming(recorder, outcome.document);
}
