import type { AttributeDefinition } from './attribute-definition.ts';

/** When the record was made: the first of the common attributes, which follow an event's own. */
export const timestampAttribute: AttributeDefinition = {
  name: 'event.timestamp',
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
  conversationId: { name: 'conversation.id', about: 'the thread' },
  appVersion: { name: 'app.version' },
  authMode: { name: 'auth_mode', absent: 'not logged in', about: '`ApiKey`, `Chatgpt`' },
  originator: { name: 'originator', about: 'client name, sanitised like a metric tag' },
  accountId: { name: 'user.account_id', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
  accountEmail: { name: 'user.email', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
  terminalType: { name: 'terminal.type' },
  model: { name: 'model' },
  slug: { name: 'slug' },
};

/** The first attributes of every span event. */
export const spanEventAttributes: Readonly<Record<string, AttributeDefinition>> = {
  level: { name: 'level', on: 'trace', about: '`INFO`' },
  target: { name: 'target', on: 'trace', about: '`codex_otel.trace_safe`' },
};
