import { SSE_EVENT_COUNT_METRIC, SSE_EVENT_DURATION_METRIC } from '@codex-otel/metrics';
import type { Attributes, Context } from '@opentelemetry/api';
import { wholeMillis } from '../attribute-value.ts';
import { requiredErrorAttributes } from '../common-attributes.ts';
import type { ErrorOptions } from '../error-description.ts';
import { property } from '../error-description.ts';
import type { AttributeDefinition, EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { classifySse, FAILED_KIND } from '../sse-classification.ts';
import type { SseEventCompletedOptions, SseEventFailedOptions, SseEventOptions } from '../turn/turn-session.ts';

const kind: AttributeDefinition = { name: 'event.kind', type: 'string', on: 'both' };
const duration: AttributeDefinition = {
  name: 'duration_ms',
  type: 'string(n)',
  on: 'both',
  about: 'whole ms waited for this event',
};

/** Kind of a frame that never came. */
const unknownKind = 'unknown';
const completedKind = 'response.completed';

export const sseFrameEvent: EventDefinition = {
  name: 'codex.sse_event',
  method: 'logSseEvent',
  about: 'A stream event arrived.',
  signals: 'log',
  attributes: [
    { ...kind, on: 'log', about: 'e.g. `response.created`' },
    { ...duration, on: 'log' },
  ],
};

export const sseFailedEvent: EventDefinition = {
  name: 'codex.sse_event',
  method: 'logSseEvent, sseEventFailed',
  about: 'A stream event told of a failure, could not be read, or did not come.',
  signals: 'both',
  attributes: [
    { ...kind, absent: 'unknown; the span event then says `unknown`', whenAbsentOnTrace: unknownKind },
    duration,
    ...requiredErrorAttributes,
  ],
};

export const sseCompletedFailedEvent: EventDefinition = {
  name: 'codex.sse_event',
  method: 'sseEventCompletedFailed',
  about: 'The completed event could not be read, or the stream ended without it.',
  signals: 'both',
  attributes: [{ ...kind, about: '`response.completed`' }, ...requiredErrorAttributes],
};

export const sseCompletedEvent: EventDefinition = {
  name: 'codex.sse_event',
  method: 'sseEventCompleted',
  about: 'Usage of a completed response. It has no `duration_ms`, which tells it from the frame of the same kind.',
  signals: 'both',
  attributes: [
    { ...kind, about: '`response.completed`' },
    { name: 'input_token_count', type: 'string(n)', on: 'both', about: 'tokens, cached ones included' },
    { name: 'output_token_count', type: 'string(n)', on: 'both', about: 'tokens, reasoning ones included' },
    { name: 'cached_token_count', type: 'int', on: 'both', about: 'tokens' },
    { name: 'cache_write_token_count', type: 'int', on: 'both', about: 'tokens' },
    { name: 'reasoning_token_count', type: 'int', on: 'both', about: 'tokens' },
    { name: 'tool_token_count', type: 'string(n)', on: 'both', about: 'the total, in spite of its name' },
    { name: 'ttft_ms', type: 'int', on: 'both', absent: 'unknown', about: 'ms to the first token of this request' },
    { name: 'response.id', type: 'string', on: 'both', absent: 'unknown', about: 'identifies the usage record' },
    { name: 'service_tier', type: 'string', on: 'both', absent: 'none' },
    { name: 'model_reasoning_effort', type: 'string', on: 'both', absent: 'none' },
  ],
};

/** Whether these are an event's that just came: such a one makes no span event. */
export function isPlainSseEvent({ event, eventName, error, data, idleTimeout }: SseEventOptions): boolean {
  if (eventName !== undefined || error !== undefined || data !== undefined || idleTimeout !== undefined) return false;
  return typeof event?.type === 'string' && event.type !== FAILED_KIND;
}

/** The hot path: a stream has hundreds of these a second. */
export function logSseEvent(recorder: EventRecorder, options: SseEventOptions, context: Context | undefined): void {
  const outcome = classifySse(options);
  if (outcome === undefined) return;
  const { durationMillis } = options;
  if (outcome.kind === 'success') recordFrame(recorder, outcome.eventKind, durationMillis, context);
  else recordFailure(recorder, { eventKind: outcome.eventKind, error: outcome.error, durationMillis }, context);
}

export function sseEventFailed(
  recorder: EventRecorder,
  options: SseEventFailedOptions,
  context: Context | undefined,
): void {
  recordFailure(recorder, options, context);
}

export function sseEventCompletedFailed(
  recorder: EventRecorder,
  options: ErrorOptions,
  context: Context | undefined,
): void {
  recorder.emit(
    sseCompletedFailedEvent,
    options,
    { 'event.kind': completedKind, ...errorOf(recorder, options) },
    context,
  );
}

export function sseEventCompleted(
  recorder: EventRecorder,
  options: SseEventCompletedOptions,
  context: Context | undefined,
): void {
  const { request } = recorder.identity;
  recorder.emit(
    sseCompletedEvent,
    options,
    {
      'event.kind': completedKind,
      cached_token_count: property(options, 'cachedTokenCount') ?? 0,
      cache_write_token_count: property(options, 'cacheWriteTokenCount') ?? 0,
      reasoning_token_count: property(options, 'reasoningTokenCount') ?? 0,
      service_tier: property(options, 'serviceTier') ?? request.serviceTier,
      model_reasoning_effort: property(options, 'modelReasoningEffort') ?? request.modelReasoningEffort,
    },
    context,
  );
}

function recordFrame(recorder: EventRecorder, eventKind: string, millis: number, context: Context | undefined): void {
  const tags = recorder.tags.ofKind(eventKind).succeeded;
  recorder.count(SSE_EVENT_COUNT_METRIC, 1, tags);
  recorder.duration(SSE_EVENT_DURATION_METRIC, millis, tags);
  recorder.emitFromTemplate(sseFrameEvent, fillFrame, eventKind, millis, context);
}

function fillFrame(attributes: Attributes, eventKind: string, millis: number): void {
  attributes['event.kind'] = eventKind;
  attributes.duration_ms = String(wholeMillis(millis));
}

function recordFailure(recorder: EventRecorder, options: SseEventFailedOptions, context: Context | undefined): void {
  const given = property(options, 'eventKind');
  const eventKind = typeof given === 'string' ? given : undefined;
  const tags = recorder.tags.ofKind(eventKind ?? unknownKind).failed;
  recorder.count(SSE_EVENT_COUNT_METRIC, 1, tags);
  recorder.duration(SSE_EVENT_DURATION_METRIC, property(options, 'durationMillis'), tags);
  recorder.emit(sseFailedEvent, options, { 'event.kind': eventKind, ...errorOf(recorder, options) }, context);
}

/** An event that only errors make has an error, even where the caller has none to show. */
function errorOf(recorder: EventRecorder, options: object): Readonly<Record<string, string>> {
  const values = recorder.errorValues(options);
  return 'error.message' in values ? values : recorder.errorValues({ errorMessage: 'unknown error' });
}
