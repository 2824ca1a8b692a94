import type { GenAiMetric } from './gen-ai-metric-definitions.ts';
import { genAiMetrics as metrics, recordGenAiHistogram } from './gen-ai-metric-definitions.ts';
import type { GenAiOperation } from './gen-ai-old-metrics.ts';
import { operationTags, tag } from './gen-ai-tags.ts';
import type { MetricsSink, Tags } from './metrics-sink.ts';
import { sanitizeMetricTagValue } from './tag-value.ts';

type GenAiSink = Pick<MetricsSink, 'counter' | 'histogram' | 'histogramWithBoundaries'>;

/** Token counts of one model call. A count that the server did not report is absent, not 0. */
export interface GenAiInferenceTokens {
  /** Includes the tokens that were read from or written to a cache. */
  readonly inputTokens: number;
  /** Includes the tokens of reasoning. */
  readonly outputTokens: number;
  /** Input tokens that were read from a cache. */
  readonly cacheReadInputTokens?: number | undefined;
  /** Input tokens that were written to a cache. */
  readonly cacheWriteInputTokens?: number | undefined;
  /** Output tokens of reasoning. */
  readonly reasoningOutputTokens?: number | undefined;
}

/** A finished model call. */
export interface GenAiInference extends GenAiOperation {
  /** Duration in seconds, from the request to the last event. */
  readonly seconds: number;
  /** Set only if it failed: the API's error code or type, or the error's name. Never the error's message. */
  readonly errorType?: string | undefined;
  /** Time in seconds from the request to the first event; absent if the answer was not streamed. */
  readonly secondsToFirstChunk?: number | undefined;
  /** Absent if the server reported no usage; then 0 tokens are recorded. */
  readonly usage?: GenAiInferenceTokens | undefined;
}

/** A finished turn of an agent. */
export interface GenAiAgentInvocation {
  /** Name of the agent. */
  readonly agentName?: string | undefined;
  /** The model that was asked for. */
  readonly requestModel?: string | undefined;
  /** The API's error code or type, or the error's name, if it failed. Never the error's message. */
  readonly errorType?: string | undefined;
  /** Duration in seconds. */
  readonly seconds: number;
  /** How many model calls the turn made, failed ones included. */
  readonly inferenceCalls: number;
  /** How many tool calls the turn made. */
  readonly toolCalls: number;
}

/** A finished tool call. */
export interface GenAiToolExecution {
  /** Name of the tool. */
  readonly toolName: string;
  /** Name of the agent. */
  readonly agentName?: string | undefined;
  /** The API's error code or type, or the error's name, if it failed. Never the error's message. */
  readonly errorType?: string | undefined;
  /** Duration in seconds. */
  readonly seconds: number;
}

/** A finished tool call on an MCP server. */
export interface McpClientOperation {
  /** Name of the tool. */
  readonly toolName: string;
  /** The API's error code or type, or the error's name, if it failed. Never the error's message. */
  readonly errorType?: string | undefined;
  /** The code of the server's error; absent if it did not answer with an error. */
  readonly statusCode?: string | undefined;
  /** Attribute `network.transport`: `pipe` or `tcp`. */
  readonly transport?: string | undefined;
  /** Host name or address of the server; absent for a pipe. */
  readonly serverAddress?: string | undefined;
  /** Port of the server; absent for a pipe. */
  readonly serverPort?: number | undefined;
  /** Duration in seconds. */
  readonly seconds: number;
}

/** Servers do not report the modality of tokens. */
const MODALITY: Tags = { 'gen_ai.token.modality': 'unknown' };

/**
 * Records a model call: `gen_ai.client.inference.duration`, `.time_to_first_chunk`, the counters `.usage.*` and
 * the histograms `.operation.*_tokens`. A failed call is recorded too.
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

/** Records only the counters `gen_ai.client.inference.usage.*`, for usage that is reported after the call has ended. */
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

/**
 * Gives a function that records `gen_ai.client.inference.time_per_output_chunk`; call it for each event after the
 * first.
 */
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

/** Records a tool call: `gen_ai.execute_tool.duration`. */
export function recordGenAiToolExecution(sink: GenAiSink, execution: GenAiToolExecution): void {
  const { toolName, agentName, errorType, seconds } = execution;
  record(sink, metrics.executeToolDuration, seconds, {
    'gen_ai.tool.name': sanitizeMetricTagValue(toolName),
    'gen_ai.tool.type': 'function',
    ...tag('gen_ai.agent.name', agentName),
    ...tag('error.type', errorType),
  });
}

/** Records an MCP tool call: `mcp.client.operation.duration`. */
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
