export { codexMetricNames } from './codex-metric-names.ts';
export type { HostMetricsConfig, MetricsConfig } from './create-metrics-client.ts';
export { createMetricsClient } from './create-metrics-client.ts';
export type { Destination, DestinationOptions, RemoteDestination } from './destination.ts';
export { openDestination } from './destination.ts';
export { reportForeignApi } from './foreign-api.ts';
export type { GenAiMetric, GenAiMetricKey } from './gen-ai-metric-definitions.ts';
export { genAiMetrics } from './gen-ai-metric-definitions.ts';
export type {
  GenAiAgentInvocation,
  GenAiInference,
  GenAiInferenceTokens,
  GenAiToolExecution,
  McpClientOperation,
} from './gen-ai-metrics.ts';
export {
  genAiChunkRecorder,
  recordGenAiAgentInvocation,
  recordGenAiInference,
  recordGenAiToolExecution,
  recordGenAiUsage,
  recordMcpClientOperation,
} from './gen-ai-metrics.ts';
export type { GenAiOperation, GenAiOperationDuration, GenAiTokenUsage } from './gen-ai-old-metrics.ts';
export { recordGenAiOperationDuration, recordGenAiTokenUsage } from './gen-ai-old-metrics.ts';
export { getGlobalMetricsClient, setGlobalMetricsClient, startGlobalTimer } from './global-metrics-client.ts';
export { STATSIG_EXCLUDED_METRICS } from './metric-exceptions.ts';
export { MetricsClient } from './metrics-client.ts';
export type { MetricsErrorCode, MetricsErrorDetails } from './metrics-error.ts';
export { isMetricsError, MetricsError } from './metrics-error.ts';
export type { MetricDescription, MetricsSink, Tags, Timer } from './metrics-sink.ts';
export { recordProcessStart } from './process-start.ts';
export type { QuietMetricsSink } from './quiet-metrics-sink.ts';
export { quietMetricsSink } from './quiet-metrics-sink.ts';
export type { MetricsResourceOptions } from './resource-attributes.ts';
export { metricsResourceAttributes } from './resource-attributes.ts';
export type { RuntimeMetricsSummary, RuntimeMetricTotals } from './runtime-metrics.ts';
export {
  isEmptyRuntimeMetrics,
  mergeRuntimeMetrics,
  NO_RUNTIME_METRICS,
  responsesApiSummary,
  runtimeMetricsSummary,
} from './runtime-metrics.ts';
export type { SessionMetricTagValues } from './session-metric-tags.ts';
export { sessionMetricTags } from './session-metric-tags.ts';
export { SettledResource } from './settled-resource.ts';
export { boundedOriginatorTagValue, sanitizeMetricTagValue } from './tag-value.ts';
export type { TemporalityPreference } from './temporality.ts';
export { microUsdFromDecimal } from './turn-cost.ts';
