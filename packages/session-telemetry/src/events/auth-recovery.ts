import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  authMode: {
    name: 'auth.mode',
    type: 'string',
    on: 'both',
    values: ['managed', 'external', 'none'],
    open: true,
  },
  authStep: {
    name: 'auth.step',
    type: 'string',
    on: 'both',
    values: ['reload', 'refresh_token', 'external_refresh', 'done', 'none'],
    open: true,
  },
  authOutcome: {
    name: 'auth.outcome',
    type: 'string',
    on: 'both',
    values: ['recovery_succeeded', 'recovery_failed_permanent', 'recovery_failed_transient', 'recovery_not_run'],
    open: true,
  },
  authAnswer: { group: 'authAnswer' },
  /** Why nothing was done, or that something can be. */
  authRecoveryReason: {
    name: 'auth.recovery_reason',
    type: 'string',
    on: 'both',
    absent: 'none',
    values: [
      'auth_manager_missing',
      'no_external_auth',
      'not_chatgpt_auth',
      'not_refreshable_auth',
      'ready',
      'recovery_exhausted',
    ],
    open: true,
  },
  /** Absent when unknown. */
  authStateChanged: { name: 'auth.state_changed', type: 'bool', on: 'both', absent: 'unknown' },
} as const;

/** Options of `recordAuthRecovery`: one step of renewing credentials. */
export interface AuthRecoveryOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.auth_recovery', {
  about: 'Credentials were renewed, or could not be.',
  attributes,
});

/** `codex.auth_recovery`: credentials were renewed, or could not be. No metric. */
export const recordAuthRecovery: SessionEvent<AuthRecoveryOptions> = {
  definitions: [event],
  record: (recorder, options, context) => recorder.emit(event, options, {}, context),
};
