import { codexMetricNames } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  conversationId: { name: 'conversation.id', type: 'string', on: 'trace', source: 'session', about: 'the thread' },
  turnId: { name: 'turn_id', type: 'string', on: 'trace' },
  /** @defaultValue `measured` */
  criticalPathStatus: {
    name: 'critical_path_status',
    type: 'string',
    on: 'trace',
    otherwise: 'measured',
    values: ['measured', 'disabled'],
    open: true,
    about: 'Codex sends `disabled`, and none of the times',
  },
  /** From the start of the turn to its end. The other times add up to it. */
  durationMillis: {
    name: 'critical_path_duration_ms',
    type: 'string(n)',
    on: 'trace',
    about: 'whole ms of the turn, the sum of what follows',
  },
  /** Waiting for the model. */
  inferenceMillis: { name: 'critical_path_inference_ms', type: 'string(n)', on: 'trace', about: 'the model' },
  /** Waiting for tools. */
  toolsMillis: { name: 'critical_path_tools_ms', type: 'string(n)', on: 'trace', about: 'tools' },
  /** Waiting for an automatic reviewer. */
  autoReviewMillis: {
    name: 'critical_path_auto_review_ms',
    type: 'string(n)',
    on: 'trace',
    about: 'an automatic reviewer',
  },
  /** Waiting for the user. */
  userWaitMillis: { name: 'critical_path_user_wait_ms', type: 'string(n)', on: 'trace', about: 'the user' },
  /** The agent's own work, and pauses before a retry. */
  overheadMillis: {
    name: 'critical_path_overhead_ms',
    type: 'string(n)',
    on: 'trace',
    about: 'the agent itself, and its pauses before a retry',
  },
  /** Before a response of which nobody told when it was asked for. */
  unknownMillis: {
    name: 'critical_path_unknown_ms',
    type: 'string(n)',
    on: 'trace',
    about: 'before a response of which nobody told when it was asked for',
  },
  /** Requests to the model. */
  samplingRequestCount: { name: 'sampling_request_count', type: 'string(n)', on: 'trace' },
  /** Those of them that took the place of one that failed. */
  samplingRetryCount: {
    name: 'sampling_retry_count',
    type: 'string(n)',
    on: 'trace',
    about: 'requests that took the place of one that failed',
  },
} as const;

/** Options of `recordTurnProfile`: where the time of a turn went. Each instant counts once. */
export interface TurnProfileOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_profile', {
  about: 'A turn ended: where its time went.',
  common: 'none',
  attributes,
});

/** Option → the value of the metric's tag `component`. */
const components = [
  ['userWaitMillis', 'user_wait'],
  ['autoReviewMillis', 'auto_review'],
  ['toolsMillis', 'tools'],
  ['inferenceMillis', 'inference'],
  ['overheadMillis', 'overhead'],
  ['unknownMillis', 'unknown'],
] as const satisfies readonly (readonly [keyof TurnProfileOptions, string])[];

/** `codex.turn_profile`: where the time of a turn went, on its span and in metrics. */
export const recordTurnProfile: SessionEvent<TurnProfileOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    recorder.duration(
      codexMetricNames.turnCriticalPathDuration,
      property(options, 'durationMillis'),
      recorder.tags.session,
    );
    for (const [option, component] of components) {
      // 0 counts too: without it the mean would be that of the turns that had some.
      recorder.duration(
        codexMetricNames.turnCriticalPathComponent,
        property(options, option),
        recorder.tags.with({ component }),
      );
    }
    recorder.emit(event, options, {}, context);
  },
};
