import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** The settings that turned off the legacy multi-agent mode. @defaultValue `none` */
  legacyMultiAgentDisabledSources: {
    name: 'config.legacy_multi_agent_disabled_sources',
    otherwise: 'none',
    about: 'the settings that turned off the legacy multi-agent mode',
  },
  /** The model provider's display name, e.g. `OpenAI`. */
  providerName: { name: 'provider_name' },
  authEnv: { group: 'authEnv' },
  /** The configured effort, e.g. `high`. Absent if none is configured. */
  reasoningEffort: { name: 'reasoning_effort', absent: 'none configured' },
  /** The configured kind of reasoning summaries. */
  reasoningSummary: { name: 'reasoning_summary', values: ['auto', 'concise', 'detailed', 'none'], open: true },
  /** The model's context window in tokens. Absent if unknown. */
  contextWindow: { name: 'context_window', type: 'int', absent: 'unknown', about: 'tokens' },
  /** Tokens at which the conversation is compacted. Absent if not set. */
  autoCompactTokenLimit: { name: 'auto_compact_token_limit', type: 'int', absent: 'not set', about: 'tokens' },
  /** When the user is asked to approve a command. */
  approvalPolicy: {
    name: 'approval_policy',
    values: ['untrusted', 'on-failure', 'on-request', 'granular', 'never'],
    open: true,
  },
  /** What commands may do. */
  sandboxPolicy: { name: 'sandbox_policy', values: ['read-only', 'workspace-write', 'danger-full-access'], open: true },
  mcpServerNames: { name: 'mcp_servers', on: 'log', source: 'computed', about: 'names, separated by `, `' },
  mcpServerCount: { name: 'mcp_server_count', type: 'int', on: 'trace', source: 'computed' },
} as const;

/** Options of {@link SessionTelemetry.conversationStarts}: the session's configuration. */
export interface ConversationStartsOptions extends EventOptions<typeof attributes> {
  /** Names of the configured MCP servers. Span events only get their number. */
  readonly mcpServers: readonly string[];
}

const event = defineEvent('codex.conversation_starts', {
  on: 'both',
  about: 'A session begins, with its configuration.',
  attributes,
});

export const conversationStarts: SessionEvent<ConversationStartsOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const given = property(options, 'mcpServers');
    const names = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : undefined;
    recorder.emit(event, options, { mcpServerNames: names?.join(', '), mcpServerCount: names?.length }, context);
  },
};
