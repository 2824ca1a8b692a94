import { codexMetricNames } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { wholeMillis } from '../attribute-value.ts';
import type { ErrorOptions } from '../error-description.ts';
import type { AttributeNames, EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import type { SseEventOptions } from '../sse-classification.ts';
import { classifySse, FAILED_KIND } from '../sse-classification.ts';

/** Kind of a frame that never came. */
const unknownKind = 'unknown';
const completedKind = 'response.completed';

const frame = {
  eventKind: { name: 'event.kind', type: 'string', on: 'log', source: 'computed', about: 'e.g. `response.created`' },
  durationMillis: { name: 'duration_ms', type: 'string(n)', on: 'log', about: 'whole ms waited for this event' },
} as const;

const failed = {
  eventKind: {
    name: 'event.kind',
    type: 'string',
    on: 'both',
    absent: 'unknown; the span event then says `unknown`',
    whenAbsentOnTrace: 'unknown',
  },
  durationMillis: { name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms waited for this event' },
  error: { group: 'errorAlways' },
} as const;

const completedFailed = {
  eventKind: { name: 'event.kind', type: 'string', on: 'both', source: 'computed', values: ['response.completed'] },
  error: { group: 'errorAlways' },
} as const;

const completed = {
  eventKind: { name: 'event.kind', type: 'string', on: 'both', source: 'computed', values: ['response.completed'] },
  inputTokenCount: {
    name: 'input_token_count',
    type: 'string(n)',
    on: 'both',
    about: 'tokens, cached ones included',
  },
  outputTokenCount: {
    name: 'output_token_count',
    type: 'string(n)',
    on: 'both',
    about: 'tokens, reasoning ones included',
  },
  cachedTokenCount: { name: 'cached_token_count', type: 'int', on: 'both', otherwise: 0, about: 'tokens' },
  cacheWriteTokenCount: { name: 'cache_write_token_count', type: 'int', on: 'both', otherwise: 0, about: 'tokens' },
  reasoningTokenCount: { name: 'reasoning_token_count', type: 'int', on: 'both', otherwise: 0, about: 'tokens' },
  /** The total, in spite of its name, which is the original's. */
  toolTokenCount: {
    name: 'tool_token_count',
    type: 'string(n)',
    on: 'both',
    about: 'the total, in spite of its name',
  },
  /** Whole milliseconds from the request to its first token. */
  ttftMillis: {
    name: 'ttft_ms',
    type: 'uint',
    on: 'both',
    absent: 'unknown',
    about: 'ms to the first token of this request',
  },
  responseId: {
    name: 'response.id',
    type: 'string',
    on: 'both',
    absent: 'unknown',
    about: 'identifies the usage record',
  },
  /** @defaultValue that of the session's inference request */
  serviceTier: { name: 'service_tier', type: 'string', on: 'both', absent: 'none', orSession: true },
  /** @defaultValue that of the session's inference request */
  modelReasoningEffort: {
    name: 'model_reasoning_effort',
    type: 'string',
    on: 'both',
    absent: 'none',
    orSession: true,
  },
} as const;

/** Options of `sseEventFailed`: a stream event that tells of a failure. */
export interface SseEventFailedOptions extends EventOptions<typeof failed> {
  readonly error: unknown;
}

/** Options of `sseEventCompleted`: the usage record of a completed response. */
export interface SseEventCompletedOptions extends EventOptions<typeof completed> {}

const frameEvent = defineEvent('codex.sse_event', { about: 'A stream event arrived.', attributes: frame });

const failedEvent = defineEvent('codex.sse_event', {
  about: 'A stream event told of a failure, could not be read, or did not come.',
  attributes: failed,
});

const completedFailedEvent = defineEvent('codex.sse_event', {
  about: 'The completed event could not be read, or the stream ended without it.',
  attributes: completedFailed,
});

const completedEvent = defineEvent('codex.sse_event', {
  about: 'Usage of a completed response. It has no `duration_ms`, which tells it from the frame of the same kind.',
  attributes: completed,
});

/**
 * `codex.sse_event`: a stream event arrived, told of a failure, could not be read, or did not come.
 *
 * The hot path: a stream has hundreds of these a second.
 */
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

/** `codex.sse_event` of a failure, with its counter and duration. */
export const sseEventFailed: SessionEvent<SseEventFailedOptions> = {
  definitions: [failedEvent],
  record: recordFailure,
};

/** `codex.sse_event` of a completed event that could not be read or never came. */
export const sseEventCompletedFailed: SessionEvent<ErrorOptions> = {
  definitions: [completedFailedEvent],
  record: (recorder, options, context) =>
    recorder.emit(completedFailedEvent, options, { eventKind: completedKind }, context),
};

/** `codex.sse_event` with the usage of a completed response. */
export const sseEventCompleted: SessionEvent<SseEventCompletedOptions> = {
  definitions: [completedEvent],
  record: (recorder, options, context) => recorder.emit(completedEvent, options, { eventKind: completedKind }, context),
};

/** Whether these are an event's that just came: such a one makes no span event. */
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
  const given = property(options, 'eventKind');
  const eventKind = typeof given === 'string' ? given : undefined;
  const tags = recorder.tags.ofKind(eventKind ?? unknownKind).failed;
  recorder.count(codexMetricNames.sseEventCount, 1, tags);
  recorder.duration(codexMetricNames.sseEventDuration, property(options, 'durationMillis'), tags);
  recorder.emit(failedEvent, options, { eventKind }, context);
}
