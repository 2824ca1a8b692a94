import type { AttributeDefinition } from './attribute-definition.ts';

/** When the record was made: the first of the common attributes, which follow an event's own. */
export const timestampAttribute: AttributeDefinition = {
  name: 'event.timestamp',
  type: 'string',
  on: 'both',
  source: 'time',
  about: 'UTC, RFC 3339, three fractional digits, `Z`',
};

/** The session's attributes, which follow those of an event in this order. The keys are those of the session's values. */
export const commonAttributes: Readonly<
  Record<
    | 'conversationId'
    | 'appVersion'
    | 'authMode'
    | 'originator'
    | 'accountId'
    | 'accountEmail'
    | 'terminalType'
    | 'model'
    | 'slug',
    AttributeDefinition
  >
> = {
  conversationId: { name: 'conversation.id', type: 'string', on: 'both', about: 'the thread' },
  appVersion: { name: 'app.version', type: 'string', on: 'both' },
  authMode: { name: 'auth_mode', type: 'string', on: 'both', absent: 'not logged in', about: '`ApiKey`, `Chatgpt`' },
  originator: { name: 'originator', type: 'string', on: 'both', about: 'client name, sanitised like a metric tag' },
  accountId: { name: 'user.account_id', type: 'string', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
  accountEmail: { name: 'user.email', type: 'string', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
  terminalType: { name: 'terminal.type', type: 'string', on: 'both' },
  model: { name: 'model', type: 'string', on: 'both' },
  slug: { name: 'slug', type: 'string', on: 'both' },
};

/** The first attributes of every span event. */
export const spanEventAttributes: readonly AttributeDefinition[] = [
  { name: 'level', type: 'string', on: 'trace', about: '`INFO`' },
  { name: 'target', type: 'string', on: 'trace', about: '`codex_otel.trace_safe`' },
];
