import type { OtelSettings } from '@codex-otel/config';
import type { ContentField } from './attribute-definition.ts';
import type { SessionSetting } from './session-settings.ts';
import { defaultToolResultMaxBytes, sessionSwitches } from './session-settings.ts';
import type { GenAiMode } from './turn/gen-ai/gen-ai.ts';

/** How the user is signed in. */
export type AuthMode = 'ApiKey' | 'Chatgpt';

/** What started the session. A text other than the known ones is a custom source. */
export type SessionSource =
  | 'cli'
  | 'vscode'
  | 'exec'
  | 'mcp'
  | 'unknown'
  | (string & {})
  | {
      /** A source of your own. */
      readonly kind: 'custom';
      /** Its name, which metric tags carry. */
      readonly name: string;
    }
  | {
      /** A part of the program itself; its answers are not recorded. */
      readonly kind: 'internal';
      /** Its name, which metric tags carry with the prefix `internal_`. */
      readonly name: string;
    }
  | {
      /** An agent that another one started. */
      readonly kind: 'subagent';
      /** A thread of its own. */
      readonly agent: 'thread-spawn';
      /** The conversation that started it; its answers are logged with it as `parent.conversation.id`. */
      readonly parentConversationId: string;
    }
  | {
      /** An agent that another one started. */
      readonly kind: 'subagent';
      /** What the program uses it for; its answers are not recorded. */
      readonly agent: 'review' | 'compact' | 'memory_consolidation';
    }
  | {
      /** An agent that another one started. */
      readonly kind: 'subagent';
      /** Any other purpose; its answers are not recorded. */
      readonly agent: 'other';
      /** Its name, which metric tags carry with the prefix `subagent_`. */
      readonly name: string;
    };

/** Which credentials the environment has; never the credentials themselves. */
export interface AuthEnvMetadata {
  /** Whether `OPENAI_API_KEY` is set. @defaultValue `false` */
  readonly openaiApiKeyPresent?: boolean | undefined;
  /** Whether `CODEX_API_KEY` is set. @defaultValue `false` */
  readonly codexApiKeyPresent?: boolean | undefined;
  /** Whether `CODEX_API_KEY` may be used. @defaultValue `false` */
  readonly codexApiKeyEnabled?: boolean | undefined;
  /** A label for the variable with the provider's key. Absent if the provider has none. */
  readonly providerKeyName?: string | undefined;
  /** Whether that variable is set. Absent if the provider has none. */
  readonly providerKeyPresent?: boolean | undefined;
  /** Whether the URL for refreshing tokens is overridden. @defaultValue `false` */
  readonly refreshTokenUrlOverridePresent?: boolean | undefined;
}

/** Who the session is, and what may be recorded of it. */
export interface SessionMetadata {
  /** The thread's id. */
  readonly conversationId: string;
  /** The name of the model; sanitised in metric tags. */
  readonly model: string;
  /** The model's short name, as the model list of the API has it. */
  readonly slug: string;
  /** The id of the account or workspace. Log records only. Absent if unknown. */
  readonly accountId?: string | undefined;
  /** The user's e-mail address. Log records only. Absent if unknown. */
  readonly accountEmail?: string | undefined;
  /** How the user is signed in. Absent if not signed in. */
  readonly authMode?: AuthMode | undefined;
  /** The name of the client, e.g. `codex_cli_rs`; sanitised like a metric tag. */
  readonly originator: string;
  /** Whether the text of prompts is recorded, in log records only. @defaultValue `false` */
  readonly logUserPrompts?: boolean | undefined;
  /** Whether final answers are recorded, in log records only. @defaultValue `false` */
  readonly logAgentResponses?: boolean | undefined;
  /** Whether guardian assessments are recorded, in log records only. @defaultValue `false` */
  readonly logGuardianAssessments?: boolean | undefined;
  /** The terminal that the client runs in, e.g. `xterm-256color`. */
  readonly terminalType: string;
  /** What started the session; metric tags carry it. */
  readonly sessionSource: SessionSource;
  /** The version of the application. */
  readonly appVersion: string;
  /** Whether log records carry e-mail address and account. @defaultValue `true` */
  readonly includeIdentity?: boolean | undefined;
  /** Whether log records carry the arguments of tools. @defaultValue `true` */
  readonly logToolArguments?: boolean | undefined;
  /** Whether log records carry the output of tools. @defaultValue `true` */
  readonly logToolOutput?: boolean | undefined;
  /** Whether stream events whose kind ends in `.delta` make log records. @defaultValue `true` */
  readonly logSseDeltas?: boolean | undefined;
  /** How many UTF-8 bytes of a tool's output log records show. @defaultValue `2048` */
  readonly toolResultMaxBytes?: number | undefined;
  /**
   * Milliseconds between two records of a turn that is still open (`codex.turn_progress`), to show turns that hang.
   * @defaultValue never
   */
  readonly openTurnIntervalMillis?: number | undefined;
  /** Whether span events carry `error.message` besides `error.type`. @defaultValue `false` */
  readonly traceErrorMessages?: boolean | undefined;
  /**
   * Whether keys, tokens and passwords are removed from all content by their shape, after `redact`; see
   * {@link scrubSecrets}. @defaultValue `true`
   */
  readonly scrubSecrets?: boolean | undefined;
  /**
   * Rewrites content before it is recorded. The field `output` includes error messages, `response` the reasons of a
   * guardian. If it throws or returns anything but a string, `[REDACTED]` is recorded. @defaultValue content is not
   * rewritten
   */
  readonly redact?: ((field: ContentField, text: string) => string) | undefined;
  /** The path or nickname of the agent. @defaultValue the conversation's id for a sub-agent, else `/root` */
  readonly agentName?: string | undefined;
  /** The id of the signed-in user; recorded on `codex.skill_invocation` only. Absent if unknown. */
  readonly userId?: string | undefined;
  /** How turns follow OpenTelemetry's GenAI conventions. @defaultValue they do not */
  readonly genAi?: GenAiMode | undefined;
  /** The product: `codex`; any other text is recorded as `other`. Absent if unknown. */
  readonly productSku?: string | undefined;
}

/** The part of {@link SessionMetadata} that the `[otel]` table can set. */
export type SessionSettings = Pick<
  SessionMetadata,
  'appVersion' | 'toolResultMaxBytes' | 'openTurnIntervalMillis' | Exclude<SessionSetting, 'traceErrorMessages'>
>;

/** The same with defaults filled in. */
export type SessionSettingsInEffect = Required<SessionSettings> & Pick<SessionMetadata, 'genAi'>;

/** Takes what the `[otel]` table says about sessions, for use in {@link SessionMetadata}. Defaults are filled in. */
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

/** A session source as a metric tag, without the parent's id, which would make a series per thread. */
export function sessionSourceText(source: SessionSource): string {
  if (typeof source === 'string') return source === '' ? 'unknown' : source;
  switch (source.kind) {
    case 'custom':
      return source.name;
    case 'internal':
      return `internal_${source.name}`;
    case 'subagent':
      if (source.agent === 'thread-spawn') return 'subagent_thread_spawn';
      return `subagent_${source.agent === 'other' ? source.name : source.agent}`;
  }
}

/** The `agent_name` of tool results. */
export function agentNameOf(metadata: SessionMetadata): string {
  const { agentName, sessionSource, conversationId } = metadata;
  const isSubagent = typeof sessionSource !== 'string' && sessionSource.kind === 'subagent';
  return agentName || (isSubagent ? conversationId : '/root');
}

/** The product's name as a tag; `undefined` if empty. */
export function boundedProductSku(sku: string | undefined): string | undefined {
  if (sku === undefined || sku === '') return undefined;
  return sku === 'codex' ? sku : 'other';
}
