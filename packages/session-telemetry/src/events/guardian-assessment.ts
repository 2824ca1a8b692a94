import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  reviewId: { name: 'review.id', type: 'string', on: 'log' },
  turnId: { name: 'turn.id', type: 'string', on: 'log' },
  /** Absent when the review is of no item. */
  itemId: { name: 'item.id', type: 'string', on: 'log', absent: 'no target item' },
  /** An assessment in progress is not recorded. */
  status: {
    name: 'status',
    type: 'string',
    on: 'log',
    values: ['in_progress', 'approved', 'denied', 'timed_out', 'aborted'],
    about: 'an assessment in progress is not recorded',
  },
  /** Absent when the review itself failed, timed out or was cancelled. */
  outcome: {
    name: 'outcome',
    type: 'string',
    on: 'log',
    absent: 'review failed, timed out, cancelled',
    values: ['allow', 'deny'],
  },
  riskLevel: {
    name: 'risk_level',
    type: 'string',
    on: 'log',
    absent: 'unknown',
    values: ['low', 'medium', 'high', 'critical'],
  },
  userAuthorization: {
    name: 'user_authorization',
    type: 'string',
    on: 'log',
    absent: 'unknown',
    values: ['unknown', 'low', 'medium', 'high'],
  },
  /** Unix time. */
  startedAtMillis: { name: 'started_at_ms', type: 'int', on: 'log', about: 'Unix ms' },
  /** Unix time; absent when unknown. */
  completedAtMillis: { name: 'completed_at_ms', type: 'int', on: 'log', absent: 'unknown', about: 'Unix ms' },
  /** Content, log records only. */
  rationale: {
    name: 'rationale',
    type: 'string',
    on: 'log',
    content: 'response',
    maxBytes: 65_536,
    absent: 'none',
    about: 'at most 65,536 UTF-8 bytes',
  },
  rationaleLength: {
    name: 'rationale_length',
    type: 'int',
    on: 'log',
    measure: 'bytes',
    of: 'rationale',
    absent: 'no rationale',
    about: 'UTF-8 bytes before the cut',
  },
  rationaleTruncated: {
    name: 'rationale_truncated',
    type: 'bool',
    on: 'log',
    measure: 'truncated',
    of: 'rationale',
    absent: 'no rationale',
  },
} as const;

/** Options of `guardianAssessment`: an automatic review of an action. */
export interface GuardianAssessmentOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.guardian_assessment', {
  about: 'An automatic review ended.',
  onlyWith: 'logGuardianAssessments',
  attributes,
});

/** `codex.guardian_assessment`: an automatic review ended. Only with `logGuardianAssessments`. */
export const guardianAssessment: SessionEvent<GuardianAssessmentOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    if (property(options, 'status') !== 'in_progress') recorder.emit(event, options, {}, context);
  },
};
