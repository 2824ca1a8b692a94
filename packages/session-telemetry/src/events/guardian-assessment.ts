import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { utf8Bytes, utf8Prefix } from '../text-limits.ts';

/** Options of `guardianAssessment`: an automatic review of an action. */
export interface GuardianAssessmentOptions {
  readonly reviewId: string;
  readonly turnId: string;
  /** Absent when the review is of no item. */
  readonly itemId?: string | undefined;
  /** An assessment in progress is not recorded. */
  readonly status: 'in_progress' | 'approved' | 'denied' | 'timed_out' | 'aborted';
  /** Absent when the review itself failed, timed out or was cancelled. */
  readonly outcome?: 'allow' | 'deny' | undefined;
  readonly riskLevel?: 'low' | 'medium' | 'high' | 'critical' | undefined;
  readonly userAuthorization?: 'unknown' | 'low' | 'medium' | 'high' | undefined;
  /** Unix time. */
  readonly startedAtMillis: number;
  /** Unix time; absent when unknown. */
  readonly completedAtMillis?: number | undefined;
  /** Content, log records only. */
  readonly rationale?: string | undefined;
}

/** UTF-8 bytes of a recorded rationale. */
const rationaleMaxBytes = 65_536;

export const guardianAssessmentEvent: EventDefinition = {
  name: 'codex.guardian_assessment',
  method: 'guardianAssessment',
  about: 'An automatic review ended. Only with `logGuardianAssessments`.',
  signals: 'log',
  attributes: [
    { name: 'review.id', type: 'string', on: 'log' },
    { name: 'turn.id', type: 'string', on: 'log' },
    { name: 'item.id', type: 'string', on: 'log', absent: 'no target item' },
    { name: 'status', type: 'string', on: 'log', about: '`approved`, `denied`, `timed_out`, `aborted`' },
    {
      name: 'outcome',
      type: 'string',
      on: 'log',
      absent: 'review failed, timed out, cancelled',
      about: '`allow`, `deny`',
    },
    { name: 'risk_level', type: 'string', on: 'log', absent: 'unknown', about: '`low`, `medium`, `high`, `critical`' },
    {
      name: 'user_authorization',
      type: 'string',
      on: 'log',
      absent: 'unknown',
      about: '`unknown`, `low`, `medium`, `high`',
    },
    { name: 'started_at_ms', type: 'int', on: 'log', about: 'Unix ms' },
    { name: 'completed_at_ms', type: 'int', on: 'log', absent: 'unknown', about: 'Unix ms' },
    { name: 'rationale', type: 'string', on: 'log', absent: 'none', about: 'at most 65,536 UTF-8 bytes' },
    { name: 'rationale_length', type: 'int', on: 'log', absent: 'no rationale', about: 'UTF-8 bytes before the cut' },
    { name: 'rationale_truncated', type: 'bool', on: 'log', absent: 'no rationale' },
  ],
};

export function guardianAssessment(
  recorder: EventRecorder,
  options: GuardianAssessmentOptions,
  context: Context | undefined,
): void {
  if (recorder.identity.metadata.logGuardianAssessments !== true) return;
  if (property(options, 'status') === 'in_progress') return;
  const rationale = property(options, 'rationale');
  if (typeof rationale !== 'string') {
    recorder.emit(guardianAssessmentEvent, options, {}, context);
    return;
  }
  const bytes = utf8Bytes(rationale);
  recorder.emit(
    guardianAssessmentEvent,
    options,
    {
      rationale: utf8Prefix(recorder.content('response', rationale, rationaleMaxBytes), rationaleMaxBytes),
      rationale_length: bytes,
      rationale_truncated: bytes > rationaleMaxBytes,
    },
    context,
  );
}
