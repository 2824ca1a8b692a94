import type { MetricsSink } from '@codex-otel/metrics';
import { property } from '../../property.ts';

/**
 * How a session follows OpenTelemetry's GenAI conventions: `attributes` adds their names to Codex's spans, `spans`
 * makes their spans in the place of Codex's. Without a mode nothing of them is recorded.
 */
export type GenAiMode = 'attributes' | 'spans';

/** What a turn knows of itself in the words of the conventions. */
export interface GenAi {
  readonly mode: GenAiMode;
  readonly provider: string;
  readonly model: string | undefined;
  readonly conversationId: string | undefined;
  readonly agentName: string | undefined;
  readonly server: { readonly address: string; readonly port: number } | undefined;
  /** The effort that was asked for, if any was. */
  readonly reasoningLevel: string | undefined;
  readonly metrics: MetricsSink | undefined;
  /** Whether the two metrics that the release replaced are recorded too. */
  readonly oldMetrics: boolean;
}

/** A mode that there is: types do not stop a JavaScript caller. */
export function genAiMode(value: unknown): GenAiMode | undefined {
  return value === 'attributes' || value === 'spans' ? value : undefined;
}

/** What the options of a turn say of the conventions; `off` overrules the session. */
export interface GenAiTurnOptions {
  /** How the turn follows the GenAI conventions. @defaultValue the session's; `off` where it has none */
  readonly genAi?: GenAiMode | 'off' | undefined;
  /** Who serves the model, in the words of the GenAI conventions. @defaultValue `openai` */
  readonly genAiProvider?: string | undefined;
  /** The URL of the model's API, of which the GenAI conventions show host and port. */
  readonly genAiServer?: string | undefined;
  /**
   * Also records `gen_ai.client.operation.duration` and `gen_ai.client.token.usage`, which release 0.1.0 of the
   * conventions replaced, for back ends that look for them. @defaultValue `false`
   */
  readonly genAiOldMetrics?: boolean | undefined;
}

/** Works out what a turn needs; `undefined` where the conventions are off. */
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
  const provider: unknown = property(options, 'genAiProvider');
  return {
    ...turn,
    mode,
    provider: typeof provider === 'string' && provider !== '' ? provider : 'openai',
    agentName: session.agentName === '' ? undefined : session.agentName,
    server: serverOf(property(options, 'genAiServer')),
    metrics: session.metrics,
    oldMetrics: options.genAiOldMetrics === true,
  };
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

/** Host and port alone: a URL may hold a key. */
function serverOf(url: unknown): GenAi['server'] {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const known = port === '' ? DEFAULT_PORTS[protocol] : Number(port);
  return hostname === '' || known === undefined ? undefined : { address: hostname, port: known };
}

/** The name of a span by the conventions: the operation, and what it is done with, where that is known. */
export function spanName(operation: string, target: unknown): string {
  return typeof target === 'string' && target !== '' ? `${operation} ${target}` : operation;
}
