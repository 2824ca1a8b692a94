import { GEN_AI_DURATION_BOUNDARIES, TOKEN_BOUNDARIES } from './histogram-boundaries.ts';
import type { MetricsSink, Tags } from './metrics-sink.ts';

/** A metric of OpenTelemetry's GenAI conventions. */
export interface GenAiMetric {
  /** Name on the wire. */
  readonly name: string;
  /** Unit in UCUM notation. */
  readonly unit: string;
  /** Description on the wire. */
  readonly description: string;
  /** Upper bounds of a histogram's buckets; absent for a counter. */
  readonly boundaries?: readonly number[] | undefined;
}

const seconds = { unit: 's', boundaries: GEN_AI_DURATION_BOUNDARIES } as const;
const tokens = { unit: '{token}' } as const;

/** Upper bounds in seconds for durations of an agent. */
const agentSeconds: readonly number[] = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6];
/** Upper bounds for how many calls an agent makes. */
const calls: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128];
/** Upper bounds in seconds for requests to MCP servers. */
const mcpSeconds: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** The keys of {@link genAiMetrics}. */
export type GenAiMetricKey =
  | 'inferenceDuration'
  | 'timeToFirstChunk'
  | 'timePerOutputChunk'
  | 'inputTokens'
  | 'outputTokens'
  | 'cacheReadInputTokens'
  | 'cacheWriteInputTokens'
  | 'reasoningOutputTokens'
  | 'operationInputTokens'
  | 'operationOutputTokens'
  | 'invokeAgentDuration'
  | 'invokeAgentInferenceCalls'
  | 'invokeAgentToolCalls'
  | 'executeToolDuration'
  | 'mcpClientOperationDuration';

/** The client metrics of OpenTelemetry's GenAI conventions, release 0.1.0. */
export const genAiMetrics: Readonly<Record<GenAiMetricKey, GenAiMetric>> = {
  inferenceDuration: {
    name: 'gen_ai.client.inference.duration',
    ...seconds,
    description: 'Duration of a call of a model, from the request to the last event.',
  },
  timeToFirstChunk: {
    name: 'gen_ai.client.inference.time_to_first_chunk',
    ...seconds,
    description: 'Time from the request to the first event of a streamed answer.',
  },
  timePerOutputChunk: {
    name: 'gen_ai.client.inference.time_per_output_chunk',
    ...seconds,
    description: 'Time between an event of a streamed answer and the one before.',
  },
  inputTokens: {
    name: 'gen_ai.client.inference.usage.input_tokens',
    ...tokens,
    description: 'Input tokens, cached ones included.',
  },
  outputTokens: {
    name: 'gen_ai.client.inference.usage.output_tokens',
    ...tokens,
    description: 'Output tokens, those of reasoning included.',
  },
  cacheReadInputTokens: {
    name: 'gen_ai.client.inference.usage.cache_read.input_tokens',
    ...tokens,
    description: 'Input tokens that were read from a cache.',
  },
  cacheWriteInputTokens: {
    name: 'gen_ai.client.inference.usage.cache_write.input_tokens',
    ...tokens,
    description: 'Input tokens that were written to a cache.',
  },
  reasoningOutputTokens: {
    name: 'gen_ai.client.inference.usage.reasoning.output_tokens',
    ...tokens,
    description: 'Output tokens of reasoning.',
  },
  operationInputTokens: {
    name: 'gen_ai.client.inference.operation.input_tokens',
    ...tokens,
    boundaries: TOKEN_BOUNDARIES,
    description: 'Input tokens of one call of a model.',
  },
  operationOutputTokens: {
    name: 'gen_ai.client.inference.operation.output_tokens',
    ...tokens,
    boundaries: TOKEN_BOUNDARIES,
    description: 'Output tokens of one call of a model.',
  },
  invokeAgentDuration: {
    name: 'gen_ai.invoke_agent.duration',
    unit: 's',
    boundaries: agentSeconds,
    description: 'Duration of a turn of an agent.',
  },
  invokeAgentInferenceCalls: {
    name: 'gen_ai.invoke_agent.inference_calls',
    unit: '{inference_call}',
    boundaries: calls,
    description: 'Calls of a model in a turn, failed ones included.',
  },
  invokeAgentToolCalls: {
    name: 'gen_ai.invoke_agent.tool_calls',
    unit: '{tool_call}',
    boundaries: calls,
    description: 'Calls of tools in a turn.',
  },
  executeToolDuration: {
    name: 'gen_ai.execute_tool.duration',
    ...seconds,
    description: 'Duration of a call of a tool.',
  },
  mcpClientOperationDuration: {
    name: 'mcp.client.operation.duration',
    unit: 's',
    boundaries: mcpSeconds,
    description: 'Duration of a request to an MCP server.',
  },
};

/** Records a value of a histogram. A sink that takes no boundaries still gets the value. */
export function recordGenAiHistogram(
  sink: Pick<MetricsSink, 'histogram' | 'histogramWithBoundaries'>,
  { name, boundaries = [], unit, description }: GenAiMetric,
  value: number,
  tags: Tags,
): void {
  if (sink.histogramWithBoundaries === undefined) sink.histogram(name, value, tags);
  else sink.histogramWithBoundaries(name, boundaries, value, tags, { unit, description });
}
