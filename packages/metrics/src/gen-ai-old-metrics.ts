import { operationTags, tag } from './gen-ai-tags.ts';
import { GEN_AI_DURATION_BOUNDARIES, TOKEN_BOUNDARIES } from './histogram-boundaries.ts';
import { GEN_AI_CLIENT_OPERATION_DURATION_METRIC, GEN_AI_CLIENT_TOKEN_USAGE_METRIC } from './metric-names.ts';
import type { MetricDescription, MetricsSink, Tags } from './metrics-sink.ts';

/** One operation of a model, in the words of OpenTelemetry's GenAI conventions. */
export interface GenAiOperation {
  /** @defaultValue `chat` */
  readonly operationName?: string | undefined;
  /** @defaultValue `openai` */
  readonly providerName?: string | undefined;
  readonly requestModel?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly serverAddress?: string | undefined;
  readonly serverPort?: number | undefined;
}

/** Tokens of one operation; those of the input include what came from the cache. */
export interface GenAiTokenUsage extends GenAiOperation {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** How long one operation took. */
export interface GenAiOperationDuration extends GenAiOperation {
  readonly seconds: number;
  /** Set only when it failed: the API's error code or type, or the error's name. Never its message. */
  readonly errorType?: string | undefined;
}

type GenAiSink = Pick<MetricsSink, 'histogram' | 'histogramWithBoundaries'>;

/**
 * Records `gen_ai.client.token.usage`, once for the input and once for the output: what the conventions had before
 * their release 0.1.0, for back ends that still look for it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export function recordGenAiTokenUsage(sink: GenAiSink, usage: GenAiTokenUsage): void {
  const description = { unit: '{token}', description: 'Number of input and output tokens used.' };
  const tags = operationTags(usage);
  for (const [type, tokens] of [['input', usage.inputTokens] as const, ['output', usage.outputTokens] as const]) {
    const typed = { ...tags, 'gen_ai.token.type': type };
    record(sink, GEN_AI_CLIENT_TOKEN_USAGE_METRIC, TOKEN_BOUNDARIES, tokens, typed, description);
  }
}

/**
 * Records `gen_ai.client.operation.duration`, which the conventions had before their release 0.1.0.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export function recordGenAiOperationDuration(sink: GenAiSink, operation: GenAiOperationDuration): void {
  const description = { unit: 's', description: 'GenAI operation duration.' };
  const tags = { ...operationTags(operation), ...tag('error.type', operation.errorType) };
  const { seconds } = operation;
  record(sink, GEN_AI_CLIENT_OPERATION_DURATION_METRIC, GEN_AI_DURATION_BOUNDARIES, seconds, tags, description);
}

/** A sink that cannot take boundaries still gets the value. */
function record(
  sink: GenAiSink,
  name: string,
  boundaries: readonly number[],
  value: number,
  tags: Tags,
  description: MetricDescription,
): void {
  if (sink.histogramWithBoundaries === undefined) sink.histogram(name, value, tags);
  else sink.histogramWithBoundaries(name, boundaries, value, tags, description);
}
