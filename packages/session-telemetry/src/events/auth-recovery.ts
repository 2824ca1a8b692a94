import type { Context } from '@opentelemetry/api';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import type { AuthRecoveryMode, AuthRecoveryStep } from './auth-request.ts';
import { authAnswerAttributes, authErrorValues } from './auth-request.ts';

/** Options of `recordAuthRecovery`: one step of renewing credentials. */
export interface AuthRecoveryOptions {
  readonly authMode: AuthRecoveryMode;
  readonly authStep: AuthRecoveryStep;
  readonly authOutcome:
    | 'recovery_succeeded'
    | 'recovery_failed_permanent'
    | 'recovery_failed_transient'
    | 'recovery_not_run'
    | (string & {});
  readonly authRequestId?: string | undefined;
  readonly authCfRay?: string | undefined;
  /** A word stands on log record and trace, free text on the log record alone. */
  readonly authError?: string | undefined;
  /** E.g. `token_expired`. */
  readonly authErrorCode?: string | undefined;
  /** Why nothing was done, or that something can be. */
  readonly authRecoveryReason?:
    | 'auth_manager_missing'
    | 'no_external_auth'
    | 'not_chatgpt_auth'
    | 'not_refreshable_auth'
    | 'ready'
    | 'recovery_exhausted'
    | (string & {})
    | undefined;
  /** Absent when unknown. */
  readonly authStateChanged?: boolean | undefined;
}

export const authRecoveryEvent: EventDefinition = {
  name: 'codex.auth_recovery',
  method: 'recordAuthRecovery',
  about: 'Credentials were renewed, or could not be.',
  signals: 'both',
  attributes: [
    { name: 'auth.mode', type: 'string', on: 'both', about: '`managed`, `external`, `none`' },
    {
      name: 'auth.step',
      type: 'string',
      on: 'both',
      about: '`reload`, `refresh_token`, `external_refresh`, `done`, `none`',
    },
    {
      name: 'auth.outcome',
      type: 'string',
      on: 'both',
      about: '`recovery_succeeded`, `recovery_failed_permanent`, `recovery_failed_transient`, `recovery_not_run`',
    },
    ...authAnswerAttributes,
    { name: 'auth.recovery_reason', type: 'string', on: 'both', absent: 'none' },
    { name: 'auth.state_changed', type: 'bool', on: 'both', absent: 'unknown' },
  ],
};

export function recordAuthRecovery(
  recorder: EventRecorder,
  options: AuthRecoveryOptions,
  context: Context | undefined,
): void {
  recorder.emit(authRecoveryEvent, options, authErrorValues(recorder, options), context);
}
