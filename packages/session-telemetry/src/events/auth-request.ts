import { property } from '../error-description.ts';
import type { AttributeDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** What a request's record says about how it was authorised. */
export interface AuthRequestOptions {
  readonly authHeaderAttached: boolean;
  /** E.g. `authorization`; absent when none was sent. */
  readonly authHeaderName?: string | undefined;
  /** This is the retry after a 401. */
  readonly authRetryAfterUnauthorized: boolean;
  /** Absent when nothing was recovered. */
  readonly authRecoveryMode?: AuthRecoveryMode | undefined;
  readonly authRecoveryPhase?: AuthRecoveryStep | undefined;
  /** `/responses`, `/models`, or `unknown`. */
  readonly endpoint: string;
  /** The server's id of the request. */
  readonly authRequestId?: string | undefined;
  readonly authCfRay?: string | undefined;
  /** A word stands on log record and trace, free text on the log record alone. */
  readonly authError?: string | undefined;
  /** E.g. `token_expired`. */
  readonly authErrorCode?: string | undefined;
  /** Absent without an agent identity. */
  readonly authAgentId?: string | undefined;
  /** Absent without an agent identity. */
  readonly authTaskId?: string | undefined;
}

/** Who renews credentials. */
export type AuthRecoveryMode = 'managed' | 'external' | 'none' | (string & {});

/** How far the recovery of credentials came. */
export type AuthRecoveryStep = 'reload' | 'refresh_token' | 'external_refresh' | 'done' | 'none' | (string & {});

/** How the request was authorised; before the group about the environment. */
export const authHeaderAttributes: readonly AttributeDefinition[] = [
  { name: 'auth.header_attached', type: 'bool', on: 'both' },
  { name: 'auth.header_name', type: 'string', on: 'both', absent: 'no header' },
  { name: 'auth.retry_after_unauthorized', type: 'bool', on: 'both' },
  { name: 'auth.recovery_mode', type: 'string', on: 'both', absent: 'no recovery' },
  { name: 'auth.recovery_phase', type: 'string', on: 'both', absent: 'no recovery' },
  { name: 'endpoint', type: 'string', on: 'both', about: '`/responses`, `/models`, `unknown`' },
];

/** What the server answered about authorisation. */
export const authAnswerAttributes: readonly AttributeDefinition[] = [
  { name: 'auth.request_id', type: 'string', on: 'both', absent: 'unknown' },
  { name: 'auth.cf_ray', type: 'string', on: 'both', absent: 'unknown' },
  {
    name: 'auth.error',
    type: 'string',
    on: 'both',
    absent: 'no error',
    about: 'on the trace only if it is a word, as `missing_authorization_header` is',
    wordOnTrace: true,
  },
  { name: 'auth.error_code', type: 'string', on: 'both', absent: 'no error' },
];

/** The agent on whose behalf the request was made. */
export const authAgentAttributes: readonly AttributeDefinition[] = [
  { name: 'auth.agent_id', type: 'string', on: 'both', absent: 'no agent identity' },
  { name: 'auth.task_id', type: 'string', on: 'both', absent: 'no agent identity' },
];

/** `auth.error` after the redaction of error texts. */
export function authErrorValues(recorder: EventRecorder, options: object): Readonly<Record<string, unknown>> {
  const error = property(options, 'authError');
  return { 'auth.error': typeof error === 'string' ? recorder.errorText(error) : error };
}
