import { codexMetricNames } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { wholeMillis } from '../attribute-value.ts';
import type { ErrorOptions } from '../error-description.ts';
import type { AttributeNames, EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { FAILED_KIND } from '../event-kind.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property, textProperty } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import type { SseEventOptions } from '../sse-classification.ts';
import { classifySse } from '../sse-classification.ts';

/** The kind of a frame that never came. */
const unknownKind = 'unknown';
const completedKind = 'response.completed';

const frame = {
  eventKind: { name: 'event.kind', source: 'computed', about: 'e.g. `response.created`' },
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms waited for this event' },
} as const;

const failed = {
  /** The kind of the event. Absent if unknown; the metrics and the span event then say `unknown`. */
  eventKind: {
    name: 'event.kind',
    absent: 'unknown; the span event then says `unknown`',
    whenAbsentOnTrace: 'unknown',
  },
  /** Milliseconds that were spent waiting for this event. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms waited for this event' },
  error: { group: 'errorAlways' },
} as const;

const completedFailed = {
  eventKind: { name: 'event.kind', source: 'computed', values: ['response.completed'] },
  error: { group: 'errorAlways' },
} as const;

const completed = {
  eventKind: { name: 'event.kind', source: 'computed', values: ['response.completed'] },
  /** Input tokens, including cached ones. */
  inputTokenCount: { name: 'input_token_count', type: 'string(n)', about: 'tokens, including cached ones' },
  /** Output tokens, including those of reasoning. */
  outputTokenCount: { name: 'output_token_count', type: 'string(n)', about: 'tokens, including those of reasoning' },
  /** Input tokens that were read from a cache. @defaultValue `0` */
  cachedTokenCount: { name: 'cached_token_count', type: 'int', otherwise: 0, about: 'tokens' },
  /** Input tokens that were written to a cache. @defaultValue `0` */
  cacheWriteTokenCount: { name: 'cache_write_token_count', type: 'int', otherwise: 0, about: 'tokens' },
  /** Output tokens of reasoning. @defaultValue `0` */
  reasoningTokenCount: { name: 'reasoning_token_count', type: 'int', otherwise: 0, about: 'tokens' },
  /** The total number of tokens, despite the name, which is that of Codex. */
  toolTokenCount: { name: 'tool_token_count', type: 'string(n)', about: 'the total, despite its name' },
  /** Milliseconds from the request to its first token. Absent if unknown. */
  ttftMillis: { name: 'ttft_ms', type: 'uint', absent: 'unknown', about: 'ms to the first token of this request' },
  /** The id of the response, as the API gave it. Absent if unknown. */
  responseId: { name: 'response.id', absent: 'unknown', about: 'identifies the usage record' },
  /** The service tier. @defaultValue that of the session's inference request */
  serviceTier: { name: 'service_tier', absent: 'none', orSession: true },
  /** The reasoning effort. @defaultValue that of the session's inference request */
  modelReasoningEffort: { name: 'model_reasoning_effort', absent: 'none', orSession: true },
} as const;

/** Options of {@link SessionTelemetry.sseEventFailed}. */
export interface SseEventFailedOptions extends EventOptions<typeof failed> {
  /** The failure: anything that was thrown, or an error object of the API. */
  readonly error: unknown;
}

/** Options of {@link SessionTelemetry.sseEventCompleted}: the usage of a completed response. */
export interface SseEventCompletedOptions extends EventOptions<typeof completed> {}

const frameEvent = defineEvent('codex.sse_event', { on: 'log', about: 'A stream event arrived.', attributes: frame });

const failedEvent = defineEvent('codex.sse_event', {
  on: 'both',
  about: 'A stream event reported a failure, could not be read, or never came.',
  attributes: failed,
});

const completedFailedEvent = defineEvent('codex.sse_event', {
  on: 'both',
  about: 'The completed event could not be read, or the stream ended without it.',
  attributes: completedFailed,
});

const completedEvent = defineEvent('codex.sse_event', {
  on: 'both',
  about: 'Usage of a completed response. Unlike the frame of the same kind, it has no `duration_ms`.',
  attributes: completed,
});

/** The hot path: a stream has hundreds of these a second. */
export const logSseEvent: SessionEvent<SseEventOptions> = {
  definitions: [frameEvent, failedEvent],
  isLogOnly: isPlainSseEvent,
  record: (recorder, options, context) => {
    const outcome = classifySse(options);
    if (outcome === undefined) return;
    const { durationMillis } = options;
    if (outcome.kind === 'success') recordArrival(recorder, outcome.eventKind, durationMillis, context);
    else recordFailure(recorder, { eventKind: outcome.eventKind, error: outcome.error, durationMillis }, context);
  },
};

export const sseEventFailed: SessionEvent<SseEventFailedOptions> = {
  definitions: [failedEvent],
  record: recordFailure,
};

export const sseEventCompletedFailed: SessionEvent<ErrorOptions> = {
  definitions: [completedFailedEvent],
  record: (recorder, options, context) =>
    recorder.emit(completedFailedEvent, options, { eventKind: completedKind }, context),
};

export const sseEventCompleted: SessionEvent<SseEventCompletedOptions> = {
  definitions: [completedEvent],
  record: (recorder, options, context) => recorder.emit(completedEvent, options, { eventKind: completedKind }, context),
};

/** Whether these options are those of an event that arrived and did not fail; it makes no span event. */
function isPlainSseEvent({ event, eventName, error, data, idleTimeout }: SseEventOptions): boolean {
  if (eventName !== undefined || error !== undefined || data !== undefined || idleTimeout !== undefined) return false;
  return typeof event?.type === 'string' && event.type !== FAILED_KIND;
}

function recordArrival(recorder: EventRecorder, eventKind: string, millis: number, context: Context | undefined): void {
  const tags = recorder.tags.ofKind(eventKind).succeeded;
  recorder.count(codexMetricNames.sseEventCount, 1, tags);
  recorder.duration(codexMetricNames.sseEventDuration, millis, tags);
  if (!recorder.identity.settings.logSseDeltas && eventKind.endsWith('.delta')) return;
  recorder.emitFromTemplate(frameEvent, fillFrame, eventKind, millis, context);
}

function fillFrame(sent: Record<AttributeNames<typeof frame>, string>, eventKind: string, millis: number): void {
  sent['event.kind'] = eventKind;
  sent.duration_ms = String(wholeMillis(millis));
}

function recordFailure(recorder: EventRecorder, options: SseEventFailedOptions, context: Context | undefined): void {
  const eventKind = textProperty(options, 'eventKind');
  const tags = recorder.tags.ofKind(eventKind ?? unknownKind).failed;
  recorder.count(codexMetricNames.sseEventCount, 1, tags);
  recorder.duration(codexMetricNames.sseEventDuration, property(options, 'durationMillis'), tags);
  recorder.emit(failedEvent, options, { eventKind }, context);
}
