import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { eventAlone } from '../session-event.ts';

const attributes = {
  /** Who renews the credentials. */
  authMode: { name: 'auth.mode', values: ['managed', 'external', 'none'], open: true },
  /** How far the recovery has come. */
  authStep: { name: 'auth.step', values: ['reload', 'refresh_token', 'external_refresh', 'done', 'none'], open: true },
  /** How the step ended. */
  authOutcome: {
    name: 'auth.outcome',
    values: ['recovery_succeeded', 'recovery_failed_permanent', 'recovery_failed_transient', 'recovery_not_run'],
    open: true,
  },
  authAnswer: { group: 'authAnswer' },
  /** Why nothing was done, or that a recovery is possible. Absent if there is no reason to name. */
  authRecoveryReason: {
    name: 'auth.recovery_reason',
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
  /** Whether the credentials changed. Absent if unknown. */
  authStateChanged: { name: 'auth.state_changed', type: 'bool', absent: 'unknown' },
} as const;

/** Options of {@link SessionTelemetry.recordAuthRecovery}. */
export interface AuthRecoveryOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.auth_recovery', {
  on: 'both',
  about: 'A step of renewing credentials succeeded or failed.',
  attributes,
});

export const recordAuthRecovery: SessionEvent<AuthRecoveryOptions> = eventAlone(event);
