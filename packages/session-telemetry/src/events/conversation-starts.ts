import type { Context } from '@opentelemetry/api';
import { authEnvAttributes } from '../common-attributes.ts';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `conversationStarts`: how the session is set up. */
export interface ConversationStartsOptions {
  /** The model provider's display name, e.g. `OpenAI`. */
  readonly providerName: string;
  /** Absent when none is configured. */
  readonly reasoningEffort?: string | undefined;
  readonly reasoningSummary: 'auto' | 'concise' | 'detailed' | 'none' | (string & {});
  /** Tokens; absent when unknown. */
  readonly contextWindow?: number | undefined;
  /** Tokens; absent when not set. */
  readonly autoCompactTokenLimit?: number | undefined;
  readonly approvalPolicy: 'untrusted' | 'on-failure' | 'on-request' | 'granular' | 'never' | (string & {});
  readonly sandboxPolicy: 'read-only' | 'workspace-write' | 'danger-full-access' | (string & {});
  /** Names of the configured servers; the trace gets their number alone. */
  readonly mcpServers: readonly string[];
}

export const conversationStartsEvent: EventDefinition = {
  name: 'codex.conversation_starts',
  method: 'conversationStarts',
  about: 'A session begins, with the set-up that it begins with.',
  signals: 'both',
  attributes: [
    { name: 'provider_name', type: 'string', on: 'both' },
    ...authEnvAttributes,
    { name: 'reasoning_effort', type: 'string', on: 'both', absent: 'none configured' },
    { name: 'reasoning_summary', type: 'string', on: 'both' },
    { name: 'context_window', type: 'int', on: 'both', absent: 'unknown', about: 'tokens' },
    { name: 'auto_compact_token_limit', type: 'int', on: 'both', absent: 'not set', about: 'tokens' },
    { name: 'approval_policy', type: 'string', on: 'both' },
    { name: 'sandbox_policy', type: 'string', on: 'both' },
    { name: 'mcp_servers', type: 'string', on: 'log', about: 'names, joined by comma and space' },
    { name: 'mcp_server_count', type: 'int', on: 'trace' },
  ],
};

export function conversationStarts(
  recorder: EventRecorder,
  options: ConversationStartsOptions,
  context: Context | undefined,
): void {
  const given = property(options, 'mcpServers');
  const names = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : undefined;
  recorder.emit(
    conversationStartsEvent,
    options,
    { ...recorder.identity.authEnvValues, mcp_servers: names?.join(', '), mcp_server_count: names?.length },
    context,
  );
}
