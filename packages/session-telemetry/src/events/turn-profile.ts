import { codexMetricNames } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  conversationId: { name: 'conversation.id', source: 'session', about: 'the thread' },
  /** The turn. */
  turnId: { name: 'turn_id' },
  /** Whether the times were measured. @defaultValue `measured` */
  criticalPathStatus: {
    name: 'critical_path_status',
    otherwise: 'measured',
    values: ['measured', 'disabled'],
    open: true,
    about: 'Codex can send `disabled`, without the times',
  },
  /** Milliseconds from the start of the turn to its end: the sum of the other times. */
  durationMillis: {
    name: 'critical_path_duration_ms',
    type: 'string(n)',
    about: 'whole ms of the turn: the sum of the times below',
  },
  /** Milliseconds spent waiting for the model. */
  inferenceMillis: { name: 'critical_path_inference_ms', type: 'string(n)', about: 'the model' },
  /** Milliseconds spent waiting for tools. */
  toolsMillis: { name: 'critical_path_tools_ms', type: 'string(n)', about: 'tools' },
  /** Milliseconds spent waiting for an automatic reviewer. */
  autoReviewMillis: { name: 'critical_path_auto_review_ms', type: 'string(n)', about: 'an automatic reviewer' },
  /** Milliseconds spent waiting for the user. */
  userWaitMillis: { name: 'critical_path_user_wait_ms', type: 'string(n)', about: 'the user' },
  /** Milliseconds of the agent's own work, and of pauses before a retry. */
  overheadMillis: {
    name: 'critical_path_overhead_ms',
    type: 'string(n)',
    about: 'the agent itself, and pauses before a retry',
  },
  /** Milliseconds before a response whose request time is not known. */
  unknownMillis: {
    name: 'critical_path_unknown_ms',
    type: 'string(n)',
    about: 'before a response whose request time is not known',
  },
  /** Number of requests to the model. */
  samplingRequestCount: { name: 'sampling_request_count', type: 'string(n)' },
  /** Number of those requests that repeated a failed one. */
  samplingRetryCount: { name: 'sampling_retry_count', type: 'string(n)', about: 'requests that repeated a failed one' },
} as const;

/** Options of {@link SessionTelemetry.recordTurnProfile}: where the time of a turn went. Each moment counts once. */
export interface TurnProfileOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_profile', {
  on: 'trace',
  about: 'A turn ended: where its time went.',
  common: 'none',
  attributes,
});

/** The value of the metric's tag `component` for each option. */
const components = [
  ['userWaitMillis', 'user_wait'],
  ['autoReviewMillis', 'auto_review'],
  ['toolsMillis', 'tools'],
  ['inferenceMillis', 'inference'],
  ['overheadMillis', 'overhead'],
  ['unknownMillis', 'unknown'],
] as const satisfies readonly (readonly [keyof TurnProfileOptions, string])[];

export const recordTurnProfile: SessionEvent<TurnProfileOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    recorder.duration(
      codexMetricNames.turnCriticalPathDuration,
      property(options, 'durationMillis'),
      recorder.tags.session,
    );
    for (const [option, component] of components) {
      // 0 is recorded too, or the mean would leave out the turns without this component.
      recorder.duration(
        codexMetricNames.turnCriticalPathComponent,
        property(options, option),
        recorder.tags.with({ component }),
      );
    }
    recorder.emit(event, options, {}, context);
  },
};
