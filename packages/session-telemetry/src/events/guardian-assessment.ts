import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** The id of the review. */
  reviewId: { name: 'review.id' },
  /** The turn whose action is reviewed. */
  turnId: { name: 'turn.id' },
  /** The item that is reviewed. Absent if the review is about no item. */
  itemId: { name: 'item.id', absent: 'no target item' },
  /** How the review ended. With `in_progress` nothing is recorded. */
  status: {
    name: 'status',
    values: ['in_progress', 'approved', 'denied', 'timed_out', 'aborted'],
    about: 'an assessment in progress is not recorded',
  },
  /** The decision. Absent if the review failed, timed out or was cancelled. */
  outcome: { name: 'outcome', absent: 'review failed, timed out, cancelled', values: ['allow', 'deny'] },
  /** How risky the action is. Absent if unknown. */
  riskLevel: { name: 'risk_level', absent: 'unknown', values: ['low', 'medium', 'high', 'critical'] },
  /** How clearly the user authorised the action. Absent if unknown. */
  userAuthorization: { name: 'user_authorization', absent: 'unknown', values: ['unknown', 'low', 'medium', 'high'] },
  /** When the review started, in Unix milliseconds. */
  startedAtMillis: { name: 'started_at_ms', type: 'int', about: 'Unix ms' },
  /** When it ended, in Unix milliseconds. Absent if unknown. */
  completedAtMillis: { name: 'completed_at_ms', type: 'int', absent: 'unknown', about: 'Unix ms' },
  /** The reviewer's reasons. Content: log records only. Absent if none were given. */
  rationale: {
    name: 'rationale',
    on: 'log',
    content: 'response',
    maxBytes: 65_536,
    absent: 'none',
    about: 'at most 65,536 UTF-8 bytes',
  },
  rationaleLength: {
    name: 'rationale_length',
    type: 'int',
    measure: 'bytes',
    of: 'rationale',
    absent: 'no rationale',
    about: 'UTF-8 bytes before truncation',
  },
  rationaleTruncated: {
    name: 'rationale_truncated',
    type: 'bool',
    measure: 'truncated',
    of: 'rationale',
    absent: 'no rationale',
  },
} as const;

/** Options of {@link SessionTelemetry.guardianAssessment}: an automatic review of an action. */
export interface GuardianAssessmentOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.guardian_assessment', {
  on: 'log',
  about: 'An automatic review ended.',
  onlyWith: 'logGuardianAssessments',
  attributes,
});

export const guardianAssessment: SessionEvent<GuardianAssessmentOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    if (property(options, 'status') !== 'in_progress') recorder.emit(event, options, {}, context);
  },
};
