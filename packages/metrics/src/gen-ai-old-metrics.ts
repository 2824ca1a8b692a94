import type { GenAiMetric } from './gen-ai-metric-definitions.ts';
import { recordGenAiHistogram } from './gen-ai-metric-definitions.ts';
import { operationTags, tag } from './gen-ai-tags.ts';
import { GEN_AI_DURATION_BOUNDARIES, TOKEN_BOUNDARIES } from './histogram-boundaries.ts';
import type { MetricsSink } from './metrics-sink.ts';

/** One operation of a model, in the terms of OpenTelemetry's GenAI conventions. */
export interface GenAiOperation {
  /** @defaultValue `chat` */
  readonly operationName?: string | undefined;
  /** @defaultValue `openai` */
  readonly providerName?: string | undefined;
  /** The model that was asked for. */
  readonly requestModel?: string | undefined;
  /** The model that answered. */
  readonly responseModel?: string | undefined;
  /** Host name or address of the model's API. */
  readonly serverAddress?: string | undefined;
  /** Port of the model's API. */
  readonly serverPort?: number | undefined;
}

/** Token counts of one operation. */
export interface GenAiTokenUsage extends GenAiOperation {
  /** Includes the tokens that were read from or written to a cache. */
  readonly inputTokens: number;
  /** Includes the tokens of reasoning. */
  readonly outputTokens: number;
}

/** How long one operation took. */
export interface GenAiOperationDuration extends GenAiOperation {
  /** Duration in seconds. */
  readonly seconds: number;
  /** Set only if it failed: the API's error code or type, or the error's name. Never the error's message. */
  readonly errorType?: string | undefined;
}

const tokenUsage: GenAiMetric = {
  name: 'gen_ai.client.token.usage',
  unit: '{token}',
  description: 'Number of input and output tokens used.',
  boundaries: TOKEN_BOUNDARIES,
};
const operationDuration: GenAiMetric = {
  name: 'gen_ai.client.operation.duration',
  unit: 's',
  description: 'GenAI operation duration.',
  boundaries: GEN_AI_DURATION_BOUNDARIES,
};

type GenAiSink = Pick<MetricsSink, 'histogram' | 'histogramWithBoundaries'>;

/**
 * Records `gen_ai.client.token.usage`, once for the input and once for the output. The conventions replaced it in their
 * release 0.1.0; it is for back ends that still look for it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export function recordGenAiTokenUsage(sink: GenAiSink, usage: GenAiTokenUsage): void {
  const tags = operationTags(usage);
  recordGenAiHistogram(sink, tokenUsage, usage.inputTokens, { ...tags, 'gen_ai.token.type': 'input' });
  recordGenAiHistogram(sink, tokenUsage, usage.outputTokens, { ...tags, 'gen_ai.token.type': 'output' });
}

/**
 * Records `gen_ai.client.operation.duration`, which the conventions replaced in their release 0.1.0.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export function recordGenAiOperationDuration(sink: GenAiSink, operation: GenAiOperationDuration): void {
  const tags = { ...operationTags(operation), ...tag('error.type', operation.errorType) };
  recordGenAiHistogram(sink, operationDuration, operation.seconds, tags);
}
