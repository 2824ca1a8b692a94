import { sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { Attributes } from '@opentelemetry/api';
import { authEnvAttributes, commonAttributes } from './common-attributes.ts';
import { isIdentifier, property } from './error-description.ts';
import type { AttributeDefinition, ContentField } from './event-definition.ts';
import type { AuthEnvMetadata, SessionMetadata } from './session-metadata.ts';
import { agentNameOf, boundedProductSku, defaultToolResultMaxBytes, sessionSourceText } from './session-metadata.ts';

/** What the inference request asked for; on the usage record of each response. */
export interface InferenceRequest {
  readonly serviceTier?: string | undefined;
  readonly modelReasoningEffort?: string | undefined;
}

/** The parts that the copying methods of a session change. */
export interface SessionParts {
  readonly metadata: SessionMetadata;
  readonly authEnv: AuthEnvMetadata;
  readonly request: InferenceRequest;
}

/** A session's metadata in the form in which events use it, worked out once. */
export interface SessionIdentity extends SessionParts {
  /** The common attributes of log records, in their order. */
  readonly logAttributes: Attributes;
  /** The common attributes of span events: without account and e-mail. */
  readonly traceAttributes: Attributes;
  /** The attributes about credentials in the environment, by name. */
  readonly authEnvValues: Attributes;
  readonly sourceText: string;
  readonly agentName: string;
  readonly productSku: string | undefined;
  readonly toolResultMaxBytes: number;
  readonly traceErrorMessages: boolean;
  readonly redact: ((field: ContentField, text: string) => string) | undefined;
}

/** Works out what events need of a session. */
export function sessionIdentity(parts: SessionParts): SessionIdentity {
  const { metadata, authEnv, request } = parts;
  const identified = metadata.includeIdentity !== false;
  const common: Record<string, unknown> = {
    'conversation.id': metadata.conversationId,
    'app.version': metadata.appVersion,
    auth_mode: metadata.authMode,
    originator: sanitizeMetricTagValue(metadata.originator),
    'user.account_id': identified ? metadata.accountId : undefined,
    'user.email': identified ? metadata.accountEmail : undefined,
    'terminal.type': metadata.terminalType,
    model: metadata.model,
    slug: metadata.slug,
  };
  const limit = metadata.toolResultMaxBytes;
  return {
    metadata,
    authEnv,
    request,
    logAttributes: pick(commonAttributes, common),
    traceAttributes: pick(
      commonAttributes.filter(({ on }) => on !== 'log'),
      common,
    ),
    authEnvValues: pick(authEnvAttributes, {
      'auth.env_openai_api_key_present': authEnv.openaiApiKeyPresent === true,
      'auth.env_codex_api_key_present': authEnv.codexApiKeyPresent === true,
      'auth.env_codex_api_key_enabled': authEnv.codexApiKeyEnabled === true,
      'auth.env_provider_key_name': authEnv.providerKeyName,
      'auth.env_provider_key_present': authEnv.providerKeyPresent,
      'auth.env_refresh_token_url_override_present': authEnv.refreshTokenUrlOverridePresent === true,
    }),
    sourceText: sessionSourceText(metadata.sessionSource),
    agentName: agentNameOf(metadata),
    productSku: boundedProductSku(metadata.productSku),
    toolResultMaxBytes: limit !== undefined && limit >= 0 ? limit : defaultToolResultMaxBytes,
    traceErrorMessages: metadata.traceErrorMessages === true,
    redact: metadata.redact,
  };
}

const texts = [
  'conversationId',
  'model',
  'slug',
  'accountId',
  'accountEmail',
  'originator',
  'terminalType',
  'appVersion',
  'agentName',
  'userId',
  'productSku',
] as const;
const switches = [
  'logUserPrompts',
  'logAgentResponses',
  'logGuardianAssessments',
  'includeIdentity',
  'logToolArguments',
  'logToolOutput',
  'traceErrorMessages',
] as const;

/**
 * Copies metadata, whatever it is: a constructor that an agent calls on its way up must not throw either. Texts that
 * every event needs are empty where they cannot be used.
 */
export function readMetadata(given: unknown): SessionMetadata {
  const text = (key: string): string | undefined => {
    const value = property(given, key);
    return typeof value === 'string' ? value : undefined;
  };
  const flags = Object.fromEntries(switches.map((key) => [key, readSwitch(key, property(given, key))]));
  const authMode = property(given, 'authMode');
  const redact = property(given, 'redact');
  const limit = property(given, 'toolResultMaxBytes');
  return {
    ...Object.fromEntries(texts.map((key) => [key, text(key)])),
    ...flags,
    conversationId: text('conversationId') ?? '',
    model: text('model') ?? '',
    slug: text('slug') ?? text('model') ?? '',
    originator: text('originator') ?? '',
    terminalType: text('terminalType') ?? '',
    appVersion: text('appVersion') ?? '',
    authMode: authMode === 'ApiKey' || authMode === 'Chatgpt' ? authMode : undefined,
    sessionSource: readSource(property(given, 'sessionSource')),
    toolResultMaxBytes: typeof limit === 'number' ? limit : undefined,
    redact: isRedact(redact) ? redact : redact === undefined || redact === null ? undefined : withholdAll,
  };
}

/** Copies what is known about the environment, whatever it is. */
export function readAuthEnv(given: unknown): AuthEnvMetadata {
  const flag = (key: keyof AuthEnvMetadata): boolean => property(given, key) === true;
  const keyName = property(given, 'providerKeyName');
  const keyPresent = property(given, 'providerKeyPresent');
  return {
    openaiApiKeyPresent: flag('openaiApiKeyPresent'),
    codexApiKeyPresent: flag('codexApiKeyPresent'),
    codexApiKeyEnabled: flag('codexApiKeyEnabled'),
    providerKeyName: typeof keyName === 'string' ? keyName : undefined,
    providerKeyPresent: typeof keyPresent === 'boolean' ? keyPresent : undefined,
    refreshTokenUrlOverridePresent: flag('refreshTokenUrlOverridePresent'),
  };
}

/** Copies what the request asks for, whatever it is. */
export function readInferenceRequest(given: unknown): InferenceRequest {
  const tier = property(given, 'serviceTier');
  const effort = property(given, 'modelReasoningEffort');
  return {
    serviceTier: typeof tier === 'string' ? tier : undefined,
    modelReasoningEffort: typeof effort === 'string' ? effort : undefined,
  };
}

/** What is not clearly a choice falls back to the more private side, for switches that show content as for others. */
function readSwitch(key: (typeof switches)[number], value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  return key === 'traceErrorMessages' ? undefined : false;
}

function readSource(source: unknown): SessionMetadata['sessionSource'] {
  if (typeof source === 'string') return source;
  const [kind, agent, name, parent] = ['kind', 'agent', 'name', 'parentConversationId'].map((key) =>
    property(source, key),
  );
  if (kind === 'subagent' && agent === 'thread-spawn' && typeof parent === 'string') {
    return { kind, agent, parentConversationId: parent };
  }
  if (kind === 'subagent' && (agent === 'review' || agent === 'compact' || agent === 'memory_consolidation')) {
    return { kind, agent };
  }
  if (kind === 'subagent') return { kind, agent: 'other', name: isIdentifier(name) ? name : 'other' };
  if ((kind === 'internal' || kind === 'custom') && typeof name === 'string') return { kind, name };
  return 'unknown';
}

function isRedact(value: unknown): value is (field: ContentField, text: string) => string {
  return typeof value === 'function';
}

/** A hook was wanted, and what came cannot be called: nothing is shown. */
function withholdAll(): string {
  return '[REDACTED]';
}

function pick(definitions: readonly AttributeDefinition[], values: Readonly<Record<string, unknown>>): Attributes {
  const picked: Attributes = {};
  for (const { name } of definitions) {
    const value = values[name];
    if (typeof value === 'string' || typeof value === 'boolean') picked[name] = value;
  }
  return picked;
}
