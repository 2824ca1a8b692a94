import type { AttributeDefinition } from './event-definition.ts';

/** When the record was made; the first of the attributes that follow an event's own. */
export const timestampAttribute: AttributeDefinition = {
  name: 'event.timestamp',
  type: 'string',
  on: 'both',
  about: 'UTC, RFC 3339, three fractional digits, `Z`',
};

/** The session's own attributes, which follow every event's, in this order. */
export const commonAttributes: readonly AttributeDefinition[] = [
  { name: 'conversation.id', type: 'string', on: 'both', about: 'the thread' },
  { name: 'app.version', type: 'string', on: 'both' },
  { name: 'auth_mode', type: 'string', on: 'both', absent: 'not logged in', about: '`ApiKey`, `Chatgpt`' },
  { name: 'originator', type: 'string', on: 'both', about: 'client name, sanitised as a metric tag' },
  { name: 'user.account_id', type: 'string', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
  { name: 'user.email', type: 'string', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
  { name: 'terminal.type', type: 'string', on: 'both' },
  { name: 'model', type: 'string', on: 'both' },
  { name: 'slug', type: 'string', on: 'both' },
];

/** What stands before the own attributes of a span event. */
export const spanEventAttributes: readonly AttributeDefinition[] = [
  { name: 'level', type: 'string', on: 'trace', about: '`INFO`' },
  { name: 'target', type: 'string', on: 'trace', about: '`codex_otel.trace_safe`' },
];

/** What is known about the credentials in the environment; on events that open a session or send a request. */
export const authEnvAttributes: readonly AttributeDefinition[] = [
  { name: 'auth.env_openai_api_key_present', type: 'bool', on: 'both' },
  { name: 'auth.env_codex_api_key_present', type: 'bool', on: 'both' },
  { name: 'auth.env_codex_api_key_enabled', type: 'bool', on: 'both' },
  { name: 'auth.env_provider_key_name', type: 'string', on: 'both', absent: 'provider has no environment key' },
  { name: 'auth.env_provider_key_present', type: 'bool', on: 'both', absent: 'provider has no environment key' },
  { name: 'auth.env_refresh_token_url_override_present', type: 'bool', on: 'both' },
];

/** The two faces of an error: its text on the log record, its kind on the span event. */
export const errorAttributes: readonly AttributeDefinition[] = [
  {
    name: 'error.message',
    type: 'string',
    on: 'log',
    absent: 'no error',
    about: 'also on the trace with `traceErrorMessages`',
  },
  {
    name: 'error.type',
    type: 'string',
    on: 'trace',
    absent: 'no error',
    about: 'error code, type or name; `_OTHER` when unknown',
  },
];

/** {@link errorAttributes} of an event that only errors make. */
export const requiredErrorAttributes: readonly AttributeDefinition[] = errorAttributes.map(
  ({ absent: _, ...attribute }) => attribute,
);
