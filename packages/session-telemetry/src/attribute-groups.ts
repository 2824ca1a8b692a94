import type { AttributeDefinition } from './attribute-definition.ts';
import type { AttributeOptions } from './attribute-options.ts';
import type { ErrorOptions } from './error-description.ts';

/** An error: its message in the log record, its type on the span event. */
const error = {
  errorMessage: {
    name: 'error.message',
    on: 'log',
    source: 'error',
    content: 'output',
    tracedOnRequest: true,
    absent: 'no error',
    about: 'also on the trace with `traceErrorMessages`',
  },
  errorType: {
    name: 'error.type',
    on: 'trace',
    source: 'error',
    absent: 'no error',
    about: 'error code, type or name; `_OTHER` if unknown',
  },
} as const;

/** How a request was authorised. */
const authHeader = {
  /** Whether the request had an authorization header. */
  authHeaderAttached: { name: 'auth.header_attached', type: 'bool' },
  /** The name of that header, e.g. `authorization`. Absent if none was sent. */
  authHeaderName: { name: 'auth.header_name', absent: 'no header' },
  /** Whether this is the retry after a 401. */
  authRetryAfterUnauthorized: { name: 'auth.retry_after_unauthorized', type: 'bool' },
  /** Who renewed the credentials. Absent if nothing was recovered. */
  authRecoveryMode: {
    name: 'auth.recovery_mode',
    absent: 'no recovery',
    values: ['managed', 'external', 'none'],
    open: true,
  },
  /** How far the recovery came. Absent if nothing was recovered. */
  authRecoveryPhase: {
    name: 'auth.recovery_phase',
    absent: 'no recovery',
    values: ['reload', 'refresh_token', 'external_refresh', 'done', 'none'],
    open: true,
  },
  /** `/responses`, `/models`, `unknown` or a URL, which is recorded without user, password, query and fragment. */
  endpoint: { name: 'endpoint', url: true, about: '`/responses`, `/models`, `unknown`' },
} as const;

/** What the server said about the authorisation. */
const authAnswer = {
  /** The server's id of the request. Absent if unknown. */
  authRequestId: { name: 'auth.request_id', absent: 'unknown' },
  /** Cloudflare's id of the request (`cf-ray`). Absent if unknown. */
  authCfRay: { name: 'auth.cf_ray', absent: 'unknown' },
  /** The error. A single word is recorded in logs and traces, free text in log records only. Absent if there was none. */
  authError: {
    name: 'auth.error',
    on: 'both',
    content: 'output',
    absent: 'no error',
    about: 'on the trace only if it is a single word such as `missing_authorization_header`',
    wordOnTrace: true,
  },
  /** The error code, e.g. `token_expired`. Absent if there was none. */
  authErrorCode: { name: 'auth.error_code', absent: 'no error' },
} as const;

/** The agent on whose behalf a request was made. */
const authAgent = {
  /** The id of the agent. Absent without an agent identity. */
  authAgentId: { name: 'auth.agent_id', absent: 'no agent identity' },
  /** The id of the agent's task. Absent without an agent identity. */
  authTaskId: { name: 'auth.task_id', absent: 'no agent identity' },
} as const;

/** Which credentials the environment has; on events that open a session or send a request. */
const authEnv = {
  openaiApiKeyPresent: { name: 'auth.env_openai_api_key_present', type: 'bool', source: 'session' },
  codexApiKeyPresent: { name: 'auth.env_codex_api_key_present', type: 'bool', source: 'session' },
  codexApiKeyEnabled: { name: 'auth.env_codex_api_key_enabled', type: 'bool', source: 'session' },
  providerKeyName: { name: 'auth.env_provider_key_name', source: 'session', absent: 'provider has no environment key' },
  providerKeyPresent: {
    name: 'auth.env_provider_key_present',
    type: 'bool',
    source: 'session',
    absent: 'provider has no environment key',
  },
  refreshTokenUrlOverridePresent: {
    name: 'auth.env_refresh_token_url_override_present',
    type: 'bool',
    source: 'session',
  },
} as const;

/** A plugin or connector that may be installed. */
const pluginTool = {
  /** Whether it is a plugin or a connector. */
  pluginInstallToolType: { name: 'plugin_install.tool_type', values: ['plugin', 'connector'], open: true },
  /** Its id. */
  pluginInstallToolId: { name: 'plugin_install.tool_id' },
  /** Its name. */
  pluginInstallToolName: { name: 'plugin_install.tool_name' },
} as const;

/** The size of a tool's output; spans carry it instead of the output. */
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

/** The call that a span event is about. */
const tracedCall = {
  conversationId: { name: 'conversation.id', source: 'session', about: 'the thread' },
  /** The turn. */
  turnId: { name: 'turn_id' },
  /** The id of the tool call. */
  callId: { name: 'call_id' },
  /** The name of the tool. */
  toolName: { name: 'tool_name' },
  /** The group of tools that it belongs to. @defaultValue `functions` */
  toolNamespace: { name: 'tool_namespace', otherwise: 'functions' },
  /** What made the call; `direct` is the model. @defaultValue `direct` */
  toolSource: { name: 'tool_source', otherwise: 'direct', values: ['direct'], open: true },
} as const;

/** The options that each group adds to those of an event. */
export interface GroupOptions {
  readonly error: ErrorOptions;
  /** For events that are only recorded for errors. */
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

/** Groups of attributes that several events share. */
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

/** Options of requests about how they were authorised. */
export type AuthRequestOptions = GroupOptions['authHeader'] & GroupOptions['authAnswer'] & GroupOptions['authAgent'];

/** Who renews the credentials. */
export type AuthRecoveryMode = NonNullable<AuthRequestOptions['authRecoveryMode']>;

/** How far the recovery of the credentials came. */
export type AuthRecoveryStep = NonNullable<AuthRequestOptions['authRecoveryPhase']>;
