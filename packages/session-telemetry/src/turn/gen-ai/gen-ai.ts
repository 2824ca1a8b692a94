import type { MetricsSink } from '@codex-otel/metrics';
import { property, textProperty } from '../../property.ts';
import type { ServerAddress } from '../server-address.ts';
import { serverAddress } from '../server-address.ts';

/**
 * How a session follows OpenTelemetry's GenAI conventions: `attributes` adds their attributes to Codex's spans, `spans` makes
 * their spans instead of Codex's.
 */
export type GenAiMode = 'attributes' | 'spans';

/** What a turn knows about itself, with the names of the conventions. */
export interface GenAi {
  readonly mode: GenAiMode;
  readonly provider: string;
  readonly model: string | undefined;
  readonly conversationId: string | undefined;
  readonly agentName: string | undefined;
  readonly server: ServerAddress | undefined;
  /** The requested reasoning effort, if there was one. */
  readonly reasoningLevel: string | undefined;
  readonly metrics: MetricsSink | undefined;
  /** Whether the two metrics of former releases are recorded too. */
  readonly oldMetrics: boolean;
}

/** A valid mode, else `undefined`: types do not stop a JavaScript caller. */
export function genAiMode(value: unknown): GenAiMode | undefined {
  return value === 'attributes' || value === 'spans' ? value : undefined;
}

/** The options of a turn about the GenAI conventions. */
export interface GenAiTurnOptions {
  /** How the turn follows the GenAI conventions; `off` overrides the session. @defaultValue as the session does */
  readonly genAi?: GenAiMode | 'off' | undefined;
  /** Who serves the model, by the GenAI conventions. @defaultValue `openai` */
  readonly genAiProvider?: string | undefined;
  /** The URL of the model's API, of which host and port are recorded. @defaultValue not recorded */
  readonly genAiServer?: string | undefined;
  /**
   * Whether to also record `gen_ai.client.operation.duration` and `gen_ai.client.token.usage`, which release 0.1.0 of the
   * conventions replaced, for back ends that still expect them. @defaultValue `false`
   */
  readonly genAiOldMetrics?: boolean | undefined;
}

/** Reads what a turn needs; `undefined` if the conventions are off. */
export function readGenAi(
  options: GenAiTurnOptions,
  session: {
    readonly genAi?: GenAiMode | undefined;
    readonly agentName?: string | undefined;
    readonly metrics?: MetricsSink | undefined;
  },
  turn: Pick<GenAi, 'model' | 'conversationId' | 'reasoningLevel'>,
): GenAi | undefined {
  const mode = options.genAi === undefined ? genAiMode(session.genAi) : genAiMode(options.genAi);
  if (mode === undefined) return undefined;
  const server = serverAddress(property(options, 'genAiServer'));
  return {
    ...turn,
    mode,
    provider: textProperty(options, 'genAiProvider') || 'openai',
    agentName: session.agentName === '' ? undefined : session.agentName,
    server: server?.port === undefined ? undefined : server,
    metrics: session.metrics,
    oldMetrics: options.genAiOldMetrics === true,
  };
}

/** The name of a span by the conventions: the operation and its target, if known. */
export function spanName(operation: string, target: unknown): string {
  return typeof target === 'string' && target !== '' ? `${operation} ${target}` : operation;
}
