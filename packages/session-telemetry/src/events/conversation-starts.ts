import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** Where a set-up of several agents in the old form was switched off. @defaultValue `none` */
  legacyMultiAgentDisabledSources: {
    name: 'config.legacy_multi_agent_disabled_sources',
    type: 'string',
    on: 'both',
    otherwise: 'none',
    about: 'where the old set-up of several agents was switched off',
  },
  /** The model provider's display name, e.g. `OpenAI`. */
  providerName: { name: 'provider_name', type: 'string', on: 'both' },
  authEnv: { group: 'authEnv' },
  /** Absent when none is configured. */
  reasoningEffort: { name: 'reasoning_effort', type: 'string', on: 'both', absent: 'none configured' },
  reasoningSummary: {
    name: 'reasoning_summary',
    type: 'string',
    on: 'both',
    values: ['auto', 'concise', 'detailed', 'none'],
    open: true,
  },
  /** Tokens; absent when unknown. */
  contextWindow: { name: 'context_window', type: 'int', on: 'both', absent: 'unknown', about: 'tokens' },
  /** Tokens; absent when not set. */
  autoCompactTokenLimit: {
    name: 'auto_compact_token_limit',
    type: 'int',
    on: 'both',
    absent: 'not set',
    about: 'tokens',
  },
  approvalPolicy: {
    name: 'approval_policy',
    type: 'string',
    on: 'both',
    values: ['untrusted', 'on-failure', 'on-request', 'granular', 'never'],
    open: true,
  },
  sandboxPolicy: {
    name: 'sandbox_policy',
    type: 'string',
    on: 'both',
    values: ['read-only', 'workspace-write', 'danger-full-access'],
    open: true,
  },
  mcpServerNames: {
    name: 'mcp_servers',
    type: 'string',
    on: 'log',
    source: 'computed',
    about: 'names, joined by comma and space',
  },
  mcpServerCount: { name: 'mcp_server_count', type: 'int', on: 'trace', source: 'computed' },
} as const;

/** Options of `conversationStarts`: how the session is set up. */
export interface ConversationStartsOptions extends EventOptions<typeof attributes> {
  /** Names of the configured servers; the trace gets their number alone. */
  readonly mcpServers: readonly string[];
}

const event = defineEvent('codex.conversation_starts', {
  about: 'A session begins, with the set-up that it begins with.',
  attributes,
});

/** `codex.conversation_starts`: the session begins. */
export const conversationStarts: SessionEvent<ConversationStartsOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const given = property(options, 'mcpServers');
    const names = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : undefined;
    recorder.emit(event, options, { mcpServerNames: names?.join(', '), mcpServerCount: names?.length }, context);
  },
};
