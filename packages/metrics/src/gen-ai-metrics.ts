import type { GenAiMetric } from './gen-ai-metric-definitions.ts';
import { genAiMetrics as metrics, recordGenAiHistogram } from './gen-ai-metric-definitions.ts';
import type { GenAiOperation } from './gen-ai-old-metrics.ts';
import { operationTags, tag } from './gen-ai-tags.ts';
import type { MetricsSink, Tags } from './metrics-sink.ts';
import { sanitizeMetricTagValue } from './tag-value.ts';

type GenAiSink = Pick<MetricsSink, 'counter' | 'histogram' | 'histogramWithBoundaries'>;

/** Tokens of one call of a model. What the server did not report is left out, and is not 0. */
export interface GenAiInferenceTokens {
  /** Those from and for the cache included. */
  readonly inputTokens: number;
  /** Those of reasoning included. */
  readonly outputTokens: number;
  readonly cacheReadInputTokens?: number | undefined;
  readonly cacheWriteInputTokens?: number | undefined;
  readonly reasoningOutputTokens?: number | undefined;
}

/** One call of a model that is over. */
export interface GenAiInference extends GenAiOperation {
  readonly seconds: number;
  /** Set only when it failed: the API's error code or type, or the error's name. Never its message. */
  readonly errorType?: string | undefined;
  /** From the request to the first event; only where the answer was streamed. */
  readonly secondsToFirstChunk?: number | undefined;
  /** Absent where the server told none, which counts as none used. */
  readonly usage?: GenAiInferenceTokens | undefined;
}

/** A turn of an agent that is over. */
export interface GenAiAgentInvocation {
  readonly agentName?: string | undefined;
  readonly requestModel?: string | undefined;
  readonly errorType?: string | undefined;
  readonly seconds: number;
  readonly inferenceCalls: number;
  readonly toolCalls: number;
}

/** A call of a tool that is over. */
export interface GenAiToolExecution {
  readonly toolName: string;
  readonly agentName?: string | undefined;
  readonly errorType?: string | undefined;
  readonly seconds: number;
}

/** A call of an MCP server's tool that is over. */
export interface McpClientOperation {
  readonly toolName: string;
  readonly errorType?: string | undefined;
  /** The code of the server's answer, where that is an error. */
  readonly statusCode?: string | undefined;
  /** `pipe` or `tcp`. */
  readonly transport?: string | undefined;
  readonly serverAddress?: string | undefined;
  readonly serverPort?: number | undefined;
  readonly seconds: number;
}

/** Servers do not say of what kind the tokens are that they count. */
const MODALITY: Tags = { 'gen_ai.token.modality': 'unknown' };

/**
 * Records a call of a model: `gen_ai.client.inference.duration`, `.time_to_first_chunk`, the counters `.usage.*` and the
 * histograms `.operation.*_tokens`. A failed call counts too.
 */
export function recordGenAiInference(sink: GenAiSink, inference: GenAiInference): void {
  const { errorType, seconds, secondsToFirstChunk, usage } = inference;
  const base = operationTags(inference);
  const outcome = { ...base, ...tag('error.type', errorType) };
  record(sink, metrics.inferenceDuration, seconds, outcome);
  if (secondsToFirstChunk !== undefined) record(sink, metrics.timeToFirstChunk, secondsToFirstChunk, base);
  const { inputTokens, outputTokens } = usage ?? { inputTokens: 0, outputTokens: 0 };
  record(sink, metrics.operationInputTokens, inputTokens, outcome);
  record(sink, metrics.operationOutputTokens, outputTokens, outcome);
  recordGenAiUsage(sink, inference, usage ?? { inputTokens, outputTokens });
}

/** Records the counters `gen_ai.client.inference.usage.*` alone, for usage that is told after the call was over. */
export function recordGenAiUsage(sink: GenAiSink, operation: GenAiOperation, usage: GenAiInferenceTokens): void {
  const tags = { ...operationTags(operation), ...MODALITY };
  const counted: readonly (readonly [metric: GenAiMetric, tokens: number | undefined])[] = [
    [metrics.inputTokens, usage.inputTokens],
    [metrics.outputTokens, usage.outputTokens],
    [metrics.cacheReadInputTokens, usage.cacheReadInputTokens],
    [metrics.cacheWriteInputTokens, usage.cacheWriteInputTokens],
    [metrics.reasoningOutputTokens, usage.reasoningOutputTokens],
  ];
  for (const [metric, tokens] of counted) if (tokens !== undefined) record(sink, metric, tokens, tags);
}

/** Makes what records `gen_ai.client.inference.time_per_output_chunk`: once for each event after the first. */
export function genAiChunkRecorder(sink: GenAiSink, operation: GenAiOperation): (seconds: number) => void {
  const tags = Object.freeze(operationTags(operation));
  return (seconds) => record(sink, metrics.timePerOutputChunk, seconds, tags);
}

/** Records a turn: `gen_ai.invoke_agent.duration`, `.inference_calls` and `.tool_calls`. */
export function recordGenAiAgentInvocation(sink: GenAiSink, invocation: GenAiAgentInvocation): void {
  const { agentName, requestModel, errorType, seconds, inferenceCalls, toolCalls } = invocation;
  const agent = tag('gen_ai.agent.name', agentName);
  const tags = { ...agent, ...tag('gen_ai.request.model', requestModel), ...tag('error.type', errorType) };
  record(sink, metrics.invokeAgentDuration, seconds, tags);
  record(sink, metrics.invokeAgentInferenceCalls, inferenceCalls, agent);
  record(sink, metrics.invokeAgentToolCalls, toolCalls, agent);
}

/** Records a tool's call: `gen_ai.execute_tool.duration`. */
export function recordGenAiToolExecution(sink: GenAiSink, execution: GenAiToolExecution): void {
  const { toolName, agentName, errorType, seconds } = execution;
  record(sink, metrics.executeToolDuration, seconds, {
    'gen_ai.tool.name': sanitizeMetricTagValue(toolName),
    'gen_ai.tool.type': 'function',
    ...tag('gen_ai.agent.name', agentName),
    ...tag('error.type', errorType),
  });
}

/** Records an MCP tool's call: `mcp.client.operation.duration`. */
export function recordMcpClientOperation(sink: GenAiSink, operation: McpClientOperation): void {
  const { toolName, errorType, statusCode, transport, serverAddress, serverPort, seconds } = operation;
  record(sink, metrics.mcpClientOperationDuration, seconds, {
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': sanitizeMetricTagValue(toolName),
    ...tag('error.type', errorType),
    ...tag('rpc.response.status_code', statusCode),
    ...tag('network.transport', transport),
    ...tag('server.address', serverAddress),
    ...tag('server.port', serverPort?.toString()),
  });
}

function record(sink: GenAiSink, metric: GenAiMetric, value: number, tags: Tags): void {
  const { name, boundaries, unit, description } = metric;
  if (boundaries === undefined) sink.counter(name, value, tags, { unit, description });
  else recordGenAiHistogram(sink, metric, value, tags);
}
