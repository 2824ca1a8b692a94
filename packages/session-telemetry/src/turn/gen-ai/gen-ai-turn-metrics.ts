import type { GenAiAgentInvocation, GenAiToolExecution, McpClientOperation, MetricsSink } from '@codex-otel/metrics';
import {
  genAiChunkRecorder,
  recordGenAiAgentInvocation,
  recordGenAiInference,
  recordGenAiOperationDuration,
  recordGenAiTokenUsage,
  recordGenAiToolExecution,
  recordGenAiUsage,
  recordMcpClientOperation,
} from '@codex-otel/metrics';
import type { TokenUsage, TurnOutcome } from '@codex-otel/token-usage';
import { errorType, reportedTokens } from '@codex-otel/token-usage';
import { guard } from '../guard.ts';
import type { GenAi } from './gen-ai.ts';
import type { InferenceOutcome } from './inference-call.ts';

// The conventions say which attributes these metrics have, so they do not take the session's tags.

/** Records the metrics of one model call. */
export function recordInferenceMetrics(genAi: GenAi, outcome: InferenceOutcome): void {
  const { durationMillis, firstChunkMillis, end, errorType } = outcome;
  const operation = { ...operationOf(genAi), responseModel: end?.model };
  const seconds = durationMillis / 1000;
  withMetrics(genAi, 'record the metrics of a model call', (metrics) => {
    recordGenAiInference(metrics, {
      ...operation,
      seconds,
      errorType,
      secondsToFirstChunk: firstChunkMillis === undefined ? undefined : firstChunkMillis / 1000,
      usage: end?.usage && tokensOf(end.usage),
    });
    if (!genAi.oldMetrics) return;
    recordGenAiOperationDuration(metrics, { ...operation, seconds, errorType });
    if (end?.usage !== undefined) recordGenAiTokenUsage(metrics, { ...operation, ...end.usage });
  });
}

/** Records usage that was reported after its call was over. */
export function recordLateUsage(genAi: GenAi, responseModel: string | undefined, usage: TokenUsage): void {
  const operation = { ...operationOf(genAi), responseModel };
  withMetrics(genAi, 'record late usage', (metrics) => {
    recordGenAiUsage(metrics, operation, tokensOf(usage));
    if (genAi.oldMetrics) recordGenAiTokenUsage(metrics, { ...operation, ...usage });
  });
}

/** Makes a function that records the time between two events of an answer; `undefined` without a metrics client. */
export function chunkRecorder(genAi: GenAi): ((millis: number) => void) | undefined {
  const { metrics } = genAi;
  if (metrics === undefined) return undefined;
  const record = genAiChunkRecorder(metrics, operationOf(genAi));
  return (millis) => guard('record the time between two events', () => record(millis / 1000));
}

/** The type of the error that a turn failed with; `undefined` if it did not fail. */
export function turnErrorType({ status, error }: TurnOutcome): string | undefined {
  const failed = status === undefined ? error !== undefined && error !== null : status === 'failed';
  return failed ? errorType(error) : undefined;
}

/** Records the metrics of a turn. */
export function recordAgentMetrics(
  genAi: GenAi,
  { durationMillis, ...turn }: Timed<Omit<GenAiAgentInvocation, 'agentName' | 'requestModel'>>,
): void {
  const { agentName, model: requestModel } = genAi;
  withMetrics(genAi, 'record the GenAI metrics of a turn', (metrics) =>
    recordGenAiAgentInvocation(metrics, { ...turn, agentName, requestModel, seconds: durationMillis / 1000 }),
  );
}

/** Records the metric of a tool call. */
export function recordToolMetrics(
  genAi: GenAi,
  { durationMillis, ...call }: Timed<Omit<GenAiToolExecution, 'agentName'>>,
): void {
  const { agentName } = genAi;
  withMetrics(genAi, 'record the GenAI metrics of a tool', (metrics) =>
    recordGenAiToolExecution(metrics, { ...call, agentName, seconds: durationMillis / 1000 }),
  );
}

/** Records the metric of an MCP tool call. */
export function recordMcpMetrics(genAi: GenAi, call: McpClientOperation): void {
  withMetrics(genAi, 'record the GenAI metrics of an MCP call', (metrics) => recordMcpClientOperation(metrics, call));
}

/** The same with its duration in milliseconds, which the turn measures in. */
type Timed<T extends { readonly seconds: number }> = Omit<T, 'seconds'> & { readonly durationMillis: number };

function withMetrics({ metrics }: GenAi, what: string, record: (metrics: MetricsSink) => void): void {
  if (metrics !== undefined) guard(what, () => record(metrics));
}

function operationOf({ provider, model, server }: GenAi) {
  return {
    providerName: provider,
    requestModel: model,
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

function tokensOf(usage: TokenUsage) {
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadInputTokens: reportedTokens(usage, 'cachedInputTokens'),
    cacheWriteInputTokens: reportedTokens(usage, 'cacheWriteInputTokens'),
    reasoningOutputTokens: reportedTokens(usage, 'reasoningOutputTokens'),
  };
}
