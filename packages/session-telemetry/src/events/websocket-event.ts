import { codexMetricNames } from '@codex-otel/metrics';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import type { WebsocketEventOptions } from '../websocket-frame.ts';
import { classifyWebsocketFrame } from '../websocket-frame.ts';
import { isTimingMessage, recordWebsocketTiming } from './websocket-timing.ts';

export const recordWebsocketEvent: SessionEvent<WebsocketEventOptions> = {
  definitions: [],
  record: (recorder, options) => {
    const outcome = classifyWebsocketFrame(options);
    if (outcome === undefined) return;
    const outcomes = recorder.tags.ofKind(outcome.eventKind);
    const tags = outcome.success ? outcomes.succeeded : outcomes.failed;
    recorder.count(codexMetricNames.websocketEventCount, 1, tags);
    recorder.duration(codexMetricNames.websocketEventDuration, property(options, 'durationMillis'), tags);
    if (isTimingMessage(outcome)) recordWebsocketTiming(recorder, outcome.document);
  },
};
