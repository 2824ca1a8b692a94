import { sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { Attributes } from '@opentelemetry/api';
import type { ContentField } from './attribute-definition.ts';
import { commonAttributes } from './common-attributes.ts';
import { isIdentifier } from './error-description.ts';
import { property, textProperty } from './property.ts';
import { scrubbed } from './secret-scrubber.ts';
import type { AuthEnvMetadata, SessionMetadata } from './session-metadata.ts';
import { agentNameOf, boundedProductSku, sessionSourceText } from './session-metadata.ts';
import type { SessionSetting } from './session-settings.ts';
import { defaultToolResultMaxBytes, sessionSettings, sessionSwitches } from './session-settings.ts';
import { genAiMode } from './turn/gen-ai/gen-ai.ts';
import { timeoutOr } from './turn/readable-options.ts';

/** What was requested from the model; recorded with the usage of each response. */
export interface InferenceRequest {
  /** The requested service tier, e.g. `priority`. Absent if none was requested. */
  readonly serviceTier?: string | undefined;
  /** The requested reasoning effort, e.g. `high`. Absent if none was requested. */
  readonly modelReasoningEffort?: string | undefined;
}

/** The parts of a session that its identity is computed from. */
export interface SessionParts {
  readonly metadata: SessionMetadata;
  readonly authEnv: AuthEnvMetadata;
  readonly request: InferenceRequest;
}

/** The session's values that attributes can take, by the attribute's key. */
export interface SessionValues extends AuthEnvMetadata, InferenceRequest {
  readonly conversationId: string;
  readonly appVersion: string;
  readonly authMode: string | undefined;
  readonly originator: string;
  readonly accountId: string | undefined;
  readonly accountEmail: string | undefined;
  readonly terminalType: string;
  readonly model: string;
  readonly slug: string;
  readonly agentName: string;
  readonly productSku: string | undefined;
  readonly userId: string | undefined;
}

/** A session's metadata in the form that events use, computed once. */
export interface SessionIdentity {
  readonly metadata: SessionMetadata;
  readonly values: SessionValues;
  readonly settings: Readonly<Record<SessionSetting, boolean>>;
  /** The common attributes of log records, in their order. */
  readonly logAttributes: Attributes;
  /** The common attributes of span events, without account and e-mail address. */
  readonly traceAttributes: Attributes;
  readonly sourceText: string;
  readonly toolResultMaxBytes: number;
  readonly redact: ((field: ContentField, text: string) => string) | undefined;
}

/** Computes what events need of a session. */
export function sessionIdentity({ metadata, authEnv, request }: SessionParts): SessionIdentity {
  const settings = sessionSwitches(metadata);
  const identified = settings.includeIdentity;
  const values: SessionValues = {
    ...readAuthEnv(authEnv),
    ...request,
    conversationId: metadata.conversationId,
    appVersion: metadata.appVersion,
    authMode: metadata.authMode,
    originator: sanitizeMetricTagValue(metadata.originator),
    accountId: identified ? metadata.accountId : undefined,
    accountEmail: identified ? metadata.accountEmail : undefined,
    terminalType: metadata.terminalType,
    model: metadata.model,
    slug: metadata.slug,
    agentName: agentNameOf(metadata),
    productSku: boundedProductSku(metadata.productSku),
    userId: identified && metadata.authMode !== 'ApiKey' ? metadata.userId : undefined,
  };
  const limit = metadata.toolResultMaxBytes;
  return {
    metadata,
    values,
    settings,
    logAttributes: commonValues(values, 'log'),
    traceAttributes: commonValues(values, 'trace'),
    sourceText: sessionSourceText(metadata.sessionSource),
    toolResultMaxBytes: limit !== undefined && limit >= 0 ? limit : defaultToolResultMaxBytes,
    redact: settings.scrubSecrets ? scrubbed(metadata.redact) : metadata.redact,
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

/**
 * Copies metadata. It accepts anything, since the constructor must not throw either. Texts that every event needs are empty
 * if they cannot be used.
 */
export function readMetadata(given: unknown): SessionMetadata {
  const text = (key: string): string | undefined => textProperty(given, key);
  const flags = Object.fromEntries(sessionSettings.map((key) => [key, readSwitch(key, property(given, key))]));
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
    genAi: genAiMode(property(given, 'genAi')),
    toolResultMaxBytes: typeof limit === 'number' ? limit : undefined,
    openTurnIntervalMillis: timeoutOr(property(given, 'openTurnIntervalMillis'), undefined),
    redact: isRedact(redact) ? redact : redact === undefined || redact === null ? undefined : withholdAll,
  };
}

/** Copies what is known about the environment. It accepts anything. */
export function readAuthEnv(given: unknown): AuthEnvMetadata {
  const flag = (key: keyof AuthEnvMetadata): boolean => property(given, key) === true;
  const keyPresent = property(given, 'providerKeyPresent');
  return {
    openaiApiKeyPresent: flag('openaiApiKeyPresent'),
    codexApiKeyPresent: flag('codexApiKeyPresent'),
    codexApiKeyEnabled: flag('codexApiKeyEnabled'),
    providerKeyName: textProperty(given, 'providerKeyName'),
    providerKeyPresent: typeof keyPresent === 'boolean' ? keyPresent : undefined,
    refreshTokenUrlOverridePresent: flag('refreshTokenUrlOverridePresent'),
  };
}

/** Copies what was requested. It accepts anything. */
export function readInferenceRequest(given: unknown): InferenceRequest {
  return {
    serviceTier: textProperty(given, 'serviceTier'),
    modelReasoningEffort: textProperty(given, 'modelReasoningEffort'),
  };
}

/** An invalid value falls back to the more private choice. */
function readSwitch(key: SessionSetting, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  return key === 'traceErrorMessages' || key === 'scrubSecrets' ? undefined : false;
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

/** Used if the given `redact` cannot be called: the caller wanted redaction, so nothing is shown. */
function withholdAll(): string {
  return '[REDACTED]';
}

function commonValues(values: SessionValues, signal: 'log' | 'trace'): Attributes {
  const common: Attributes = {};
  for (const [key, { name, on = 'both' }] of Object.entries(commonAttributes)) {
    const value = property(values, key);
    if (on !== 'both' && on !== signal) continue;
    if (typeof value === 'string') common[name] = value;
  }
  return common;
}
