import type { OtelSettings } from '@codex-otel/config';
import type { ContentField } from './attribute-definition.ts';
import { property } from './property.ts';
import type { SessionSetting } from './session-settings.ts';
import { defaultToolResultMaxBytes, sessionSwitches } from './session-settings.ts';
import type { GenAiMode } from './turn/gen-ai/gen-ai.ts';

/** How the user is signed in. */
export type AuthMode = 'ApiKey' | 'Chatgpt';

/**
 * What started the session. A plain string that is none of the known names is a custom source. Sub-agents that
 * another thread spawned name that thread: their answers are logged with `parent.conversation.id`.
 */
export type SessionSource =
  | 'cli'
  | 'vscode'
  | 'exec'
  | 'mcp'
  | 'unknown'
  | (string & {})
  | { readonly kind: 'custom'; readonly name: string }
  | { readonly kind: 'internal'; readonly name: string }
  | { readonly kind: 'subagent'; readonly agent: 'thread-spawn'; readonly parentConversationId: string }
  | { readonly kind: 'subagent'; readonly agent: 'review' | 'compact' | 'memory_consolidation' }
  | { readonly kind: 'subagent'; readonly agent: 'other'; readonly name: string };

/** What is known about credentials in the environment; never the credentials. */
export interface AuthEnvMetadata {
  /** `OPENAI_API_KEY` is set. @defaultValue `false` */
  readonly openaiApiKeyPresent?: boolean | undefined;
  /** `CODEX_API_KEY` is set. @defaultValue `false` */
  readonly codexApiKeyPresent?: boolean | undefined;
  /** `CODEX_API_KEY` may be used. @defaultValue `false` */
  readonly codexApiKeyEnabled?: boolean | undefined;
  /** A label for the variable that holds the provider's key; absent when the provider has none. */
  readonly providerKeyName?: string | undefined;
  /** That variable is set; absent when the provider has none. */
  readonly providerKeyPresent?: boolean | undefined;
  /** The URL for refreshing tokens is overridden. @defaultValue `false` */
  readonly refreshTokenUrlOverridePresent?: boolean | undefined;
}

/** Who the session is and what of it may be recorded. */
export interface SessionMetadata {
  /** The thread's id. */
  readonly conversationId: string;
  readonly model: string;
  readonly slug: string;
  /** The account or workspace; log records only. */
  readonly accountId?: string | undefined;
  /** Log records only. */
  readonly accountEmail?: string | undefined;
  readonly authMode?: AuthMode | undefined;
  /** The client's name, e.g. `codex_cli_rs`; sanitised as a metric tag. */
  readonly originator: string;
  /** Whether the text of prompts is recorded, in log records only. @defaultValue `false` */
  readonly logUserPrompts?: boolean | undefined;
  /** Whether final answers are recorded, in log records only. @defaultValue `false` */
  readonly logAgentResponses?: boolean | undefined;
  /** Whether guardian assessments are recorded, in log records only. @defaultValue `false` */
  readonly logGuardianAssessments?: boolean | undefined;
  readonly terminalType: string;
  readonly sessionSource: SessionSource;
  readonly appVersion: string;
  /** Whether log records carry e-mail and account. @defaultValue `true` */
  readonly includeIdentity?: boolean | undefined;
  /** Whether log records carry the arguments of tools. @defaultValue `true` */
  readonly logToolArguments?: boolean | undefined;
  /** Whether log records carry the output of tools. @defaultValue `true` */
  readonly logToolOutput?: boolean | undefined;
  /** Whether stream events whose kind ends in `.delta` have log records. @defaultValue `true` */
  readonly logSseDeltas?: boolean | undefined;
  /** UTF-8 bytes of a tool's output that a log record shows. @defaultValue `2048` */
  readonly toolResultMaxBytes?: number | undefined;
  /**
   * Milliseconds after which, and every so often, an open turn is recorded (`codex.turn_progress`), so that one that
   * hangs can be seen. @defaultValue never
   */
  readonly openTurnIntervalMillis?: number | undefined;
  /** Whether span events carry `error.message` beside `error.type`. @defaultValue `false` */
  readonly traceErrorMessages?: boolean | undefined;
  /**
   * Whether keys, tokens and passwords are taken out of all content by their shape, after `redact`; see
   * {@link scrubSecrets}. @defaultValue `true`
   */
  readonly scrubSecrets?: boolean | undefined;
  /**
   * Rewrites content before it is recorded. `output` also stands for error texts,
   * `response` for the rationale of a guardian. When it throws or gives no string, all of the text is withheld.
   */
  readonly redact?: ((field: ContentField, text: string) => string) | undefined;
  /** Agent path or nickname. @defaultValue the conversation's id for a sub-agent, else `/root` */
  readonly agentName?: string | undefined;
  /** The signed-in user; on `codex.skill_invocation` only. */
  readonly userId?: string | undefined;
  /** How turns follow OpenTelemetry's GenAI conventions. @defaultValue not at all */
  readonly genAi?: GenAiMode | undefined;
  /** `codex`; any other text is recorded as `other`. */
  readonly productSku?: string | undefined;
}

/** The part of {@link SessionMetadata} that settings decide. */
export type SessionSettings = Pick<
  SessionMetadata,
  'appVersion' | 'toolResultMaxBytes' | 'openTurnIntervalMillis' | Exclude<SessionSetting, 'traceErrorMessages'>
>;

/** What settings decide, with their defaults. */
export type SessionSettingsInEffect = Required<SessionSettings> & Pick<SessionMetadata, 'genAi'>;

/** Takes over what the `[otel]` table decides about a session; defaults are filled in. */
export function sessionOptionsFromSettings(settings: OtelSettings): SessionSettingsInEffect {
  const { traceErrorMessages: _, ...switches } = sessionSwitches(settings);
  return {
    ...switches,
    appVersion: settings.serviceVersion,
    toolResultMaxBytes: settings.toolResultMaxBytes ?? defaultToolResultMaxBytes,
    openTurnIntervalMillis: settings.openTurnIntervalMillis,
    ...(settings.genAi !== undefined && { genAi: settings.genAi }),
  };
}

/** The text of a session source as a metric tag; without the parent's id, which would make a series per thread. */
export function sessionSourceText(source: SessionSource): string {
  if (typeof source === 'string') return source === '' ? 'unknown' : source;
  const name = property(source, 'name');
  const agent = property(source, 'agent');
  switch (property(source, 'kind')) {
    case 'custom':
      return typeof name === 'string' ? name : 'unknown';
    case 'internal':
      return `internal_${typeof name === 'string' ? name : 'unknown'}`;
    case 'subagent':
      if (agent === 'thread-spawn') return 'subagent_thread_spawn';
      return `subagent_${agent === 'other' ? String(name) : String(agent)}`;
    default:
      return 'unknown';
  }
}

/** The `agent_name` of tool results. */
export function agentNameOf(metadata: SessionMetadata): string {
  if (typeof metadata.agentName === 'string' && metadata.agentName !== '') return metadata.agentName;
  return property(metadata.sessionSource, 'kind') === 'subagent' ? metadata.conversationId : '/root';
}

/** The product's name as it may be recorded: bounded, absent when empty. */
export function boundedProductSku(sku: string | undefined): string | undefined {
  if (sku === undefined || sku === '') return undefined;
  return sku === 'codex' ? sku : 'other';
}
