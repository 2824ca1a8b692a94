import type { AttributeDefinition } from './attribute-definition.ts';
import type { AttributeOptions } from './attribute-options.ts';
import type { ErrorOptions } from './error-description.ts';

/** The two faces of an error: its text on the log record, its kind on the span event. */
const error = {
  errorMessage: {
    name: 'error.message',
    type: 'string',
    on: 'log',
    source: 'error',
    content: 'output',
    tracedOnRequest: true,
    absent: 'no error',
    about: 'also on the trace with `traceErrorMessages`',
  },
  errorType: {
    name: 'error.type',
    type: 'string',
    on: 'trace',
    source: 'error',
    absent: 'no error',
    about: 'error code, type or name; `_OTHER` when unknown',
  },
} as const;

/** How a request was authorised; before the group about the environment. */
const authHeader = {
  authHeaderAttached: { name: 'auth.header_attached', type: 'bool', on: 'both' },
  /** E.g. `authorization`; absent when none was sent. */
  authHeaderName: { name: 'auth.header_name', type: 'string', on: 'both', absent: 'no header' },
  /** This is the retry after a 401. */
  authRetryAfterUnauthorized: { name: 'auth.retry_after_unauthorized', type: 'bool', on: 'both' },
  /** Who renewed credentials; absent when nothing was recovered. */
  authRecoveryMode: {
    name: 'auth.recovery_mode',
    type: 'string',
    on: 'both',
    absent: 'no recovery',
    values: ['managed', 'external', 'none'],
    open: true,
  },
  /** How far the recovery of credentials came; absent when nothing was recovered. */
  authRecoveryPhase: {
    name: 'auth.recovery_phase',
    type: 'string',
    on: 'both',
    absent: 'no recovery',
    values: ['reload', 'refresh_token', 'external_refresh', 'done', 'none'],
    open: true,
  },
  /** `/responses`, `/models`, or `unknown`; of a URL, user, password, query and fragment are left out. */
  endpoint: { name: 'endpoint', type: 'string', on: 'both', url: true, about: '`/responses`, `/models`, `unknown`' },
} as const;

/** What the server answered about authorisation. */
const authAnswer = {
  /** The server's id of the request. */
  authRequestId: { name: 'auth.request_id', type: 'string', on: 'both', absent: 'unknown' },
  authCfRay: { name: 'auth.cf_ray', type: 'string', on: 'both', absent: 'unknown' },
  /** A word stands on log record and trace, free text on the log record alone. */
  authError: {
    name: 'auth.error',
    type: 'string',
    on: 'both',
    content: 'output',
    absent: 'no error',
    about: 'on the trace only if it is a word, as `missing_authorization_header` is',
    wordOnTrace: true,
  },
  /** E.g. `token_expired`. */
  authErrorCode: { name: 'auth.error_code', type: 'string', on: 'both', absent: 'no error' },
} as const;

/** The agent on whose behalf a request was made. */
const authAgent = {
  /** Absent without an agent identity. */
  authAgentId: { name: 'auth.agent_id', type: 'string', on: 'both', absent: 'no agent identity' },
  /** Absent without an agent identity. */
  authTaskId: { name: 'auth.task_id', type: 'string', on: 'both', absent: 'no agent identity' },
} as const;

/** What is known about the credentials in the environment; on events that open a session or send a request. */
const authEnv = {
  openaiApiKeyPresent: { name: 'auth.env_openai_api_key_present', type: 'bool', on: 'both', source: 'session' },
  codexApiKeyPresent: { name: 'auth.env_codex_api_key_present', type: 'bool', on: 'both', source: 'session' },
  codexApiKeyEnabled: { name: 'auth.env_codex_api_key_enabled', type: 'bool', on: 'both', source: 'session' },
  providerKeyName: {
    name: 'auth.env_provider_key_name',
    type: 'string',
    on: 'both',
    source: 'session',
    absent: 'provider has no environment key',
  },
  providerKeyPresent: {
    name: 'auth.env_provider_key_present',
    type: 'bool',
    on: 'both',
    source: 'session',
    absent: 'provider has no environment key',
  },
  refreshTokenUrlOverridePresent: {
    name: 'auth.env_refresh_token_url_override_present',
    type: 'bool',
    on: 'both',
    source: 'session',
  },
} as const;

/** A plugin or connector that may be installed. */
const pluginTool = {
  pluginInstallToolType: {
    name: 'plugin_install.tool_type',
    type: 'string',
    on: 'both',
    values: ['plugin', 'connector'],
    open: true,
  },
  pluginInstallToolId: { name: 'plugin_install.tool_id', type: 'string', on: 'both' },
  pluginInstallToolName: { name: 'plugin_install.tool_name', type: 'string', on: 'both' },
} as const;

/** How big the output of a tool was, which spans say in the place of the output. */
const outputSize = {
  outputLength: {
    name: 'output_length',
    type: 'int',
    on: 'trace',
    measure: 'bytes',
    of: 'output',
    about: 'UTF-8 bytes of the whole output',
  },
  outputLineCount: {
    name: 'output_line_count',
    type: 'int',
    on: 'trace',
    measure: 'lines',
    of: 'output',
    about: 'lines of the whole output',
  },
} as const;

/** The call that a span event tells of, in the words of the trace. */
const tracedCall = {
  conversationId: { name: 'conversation.id', type: 'string', on: 'trace', source: 'session', about: 'the thread' },
  turnId: { name: 'turn_id', type: 'string', on: 'trace' },
  callId: { name: 'call_id', type: 'string', on: 'trace' },
  toolName: { name: 'tool_name', type: 'string', on: 'trace' },
  /** @defaultValue `functions` */
  toolNamespace: { name: 'tool_namespace', type: 'string', on: 'trace', otherwise: 'functions' },
  /** Who made the call: `direct` is the model. @defaultValue `direct` */
  toolSource: { name: 'tool_source', type: 'string', on: 'trace', otherwise: 'direct', values: ['direct'], open: true },
} as const;

/** What the options of an event with one of these groups are, beside its own. */
export interface GroupOptions {
  readonly error: ErrorOptions;
  /** Of an event that only errors make. */
  readonly errorAlways: ErrorOptions;
  readonly authHeader: AttributeOptions<typeof authHeader>;
  readonly authAnswer: AttributeOptions<typeof authAnswer>;
  readonly authAgent: AttributeOptions<typeof authAgent>;
  readonly authEnv: unknown;
  readonly pluginTool: AttributeOptions<typeof pluginTool>;
  readonly outputSize: unknown;
  readonly tracedCall: AttributeOptions<typeof tracedCall>;
}

export type GroupName = keyof GroupOptions;

/** Attributes that several events have. */
export const attributeGroups: Readonly<Record<GroupName, Readonly<Record<string, AttributeDefinition>>>> = {
  error,
  errorAlways: {
    errorMessage: { ...error.errorMessage, absent: undefined },
    errorType: { ...error.errorType, absent: undefined },
  },
  authHeader,
  authAnswer,
  authAgent,
  authEnv,
  pluginTool,
  outputSize,
  tracedCall,
};

/** What a request's record says about how it was authorised. */
export type AuthRequestOptions = GroupOptions['authHeader'] & GroupOptions['authAnswer'] & GroupOptions['authAgent'];

/** Who renews credentials. */
export type AuthRecoveryMode = NonNullable<AuthRequestOptions['authRecoveryMode']>;

/** How far the recovery of credentials came. */
export type AuthRecoveryStep = NonNullable<AuthRequestOptions['authRecoveryPhase']>;
