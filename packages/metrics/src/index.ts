export type { HostMetricsConfig, MetricsConfig } from './create-metrics-client.ts';
export { createMetricsClient } from './create-metrics-client.ts';
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
export {
  API_CALL_COUNT_METRIC,
  API_CALL_DURATION_METRIC,
  APPROVAL_REQUESTED_METRIC,
  ARTIFACT_OPERATION_EXPECTED_OUTPUT_COUNT_METRIC,
  ARTIFACT_OPERATION_STARTED_METRIC,
  CONVERSATION_TURN_COUNT_METRIC,
  EXEC_SERVER_CLIENT_REQUESTS_METRIC,
  FEATURE_STATE_METRIC,
  GEN_AI_CLIENT_OPERATION_DURATION_METRIC,
  GEN_AI_CLIENT_TOKEN_USAGE_METRIC,
  GOAL_BLOCKED_METRIC,
  GOAL_BUDGET_LIMITED_METRIC,
  GOAL_COMPLETED_METRIC,
  GOAL_CREATED_METRIC,
  GOAL_DURATION_SECONDS_METRIC,
  GOAL_RESUMED_METRIC,
  GOAL_TOKEN_COUNT_METRIC,
  GOAL_USAGE_LIMITED_METRIC,
  GUARDIAN_DECISION_DURATION_METRIC,
  GUARDIAN_REVIEW_COUNT_METRIC,
  GUARDIAN_REVIEW_DURATION_METRIC,
  GUARDIAN_REVIEW_TOKEN_USAGE_METRIC,
  GUARDIAN_REVIEW_TTFT_DURATION_METRIC,
  GUARDIAN_TURN_BLOCKING_METRIC,
  HOOK_RUN_DURATION_METRIC,
  HOOK_RUN_METRIC,
  MCP_CALL_COUNT_METRIC,
  MCP_CALL_DURATION_METRIC,
  MULTI_AGENT_SPAWN_FAILURE_METRIC,
  MULTI_AGENT_SPAWN_PHASE_DURATION_METRIC,
  PLUGINS_INSTALL_ELICITATION_SENT_METRIC,
  PLUGINS_INSTALL_SUGGESTION_METRIC,
  PLUGINS_STARTUP_SYNC_FINAL_METRIC,
  PLUGINS_STARTUP_SYNC_METRIC,
  PROCESS_START_METRIC,
  RESPONSES_API_ENGINE_IAPI_TBT_DURATION_METRIC,
  RESPONSES_API_ENGINE_IAPI_TTFT_DURATION_METRIC,
  RESPONSES_API_ENGINE_SERVICE_TBT_DURATION_METRIC,
  RESPONSES_API_ENGINE_SERVICE_TTFT_DURATION_METRIC,
  RESPONSES_API_INFERENCE_TIME_DURATION_METRIC,
  RESPONSES_API_OVERHEAD_DURATION_METRIC,
  RESPONSES_REASONING_REPLAY_METRIC,
  SSE_EVENT_COUNT_METRIC,
  SSE_EVENT_DURATION_METRIC,
  STARTUP_PHASE_DURATION_METRIC,
  STARTUP_PREWARM_AGE_AT_FIRST_TURN_METRIC,
  STARTUP_PREWARM_DURATION_METRIC,
  STARTUP_PREWARM_WEBSOCKET_CHECK_METRIC,
  STATSIG_EXCLUDED_METRICS,
  TASK_COMPACT_METRIC,
  TASK_REVIEW_METRIC,
  TASK_USER_SHELL_METRIC,
  THREAD_SKILLS_DESCRIPTION_TRUNCATED_CHARS_METRIC,
  THREAD_SKILLS_ENABLED_TOTAL_METRIC,
  THREAD_SKILLS_KEPT_TOTAL_METRIC,
  THREAD_SKILLS_TRUNCATED_METRIC,
  THREAD_STARTED_METRIC,
  THREAD_TOOLS_FRAGMENT_BYTES_METRIC,
  THREAD_TOOLS_NAMESPACES_TOTAL_METRIC,
  TOOL_CALL_COUNT_METRIC,
  TOOL_CALL_DURATION_METRIC,
  TOOL_UNIFIED_EXEC_METRIC,
  TOOLS_REGISTERED_METRIC,
  TURN_COST_MICROUSD_METRIC,
  TURN_CRITICAL_PATH_COMPONENT_METRIC,
  TURN_CRITICAL_PATH_DURATION_METRIC,
  TURN_E2E_DURATION_METRIC,
  TURN_MEMORY_METRIC,
  TURN_NETWORK_PROXY_METRIC,
  TURN_TOKEN_USAGE_METRIC,
  TURN_TOOL_CALL_METRIC,
  TURN_TTFM_DURATION_METRIC,
  TURN_TTFT_DURATION_METRIC,
  TURN_UNIFIED_EXEC_RUNNING_PROCESSES_METRIC,
  WEBSOCKET_CONNECT_COUNT_METRIC,
  WEBSOCKET_CONNECT_DURATION_METRIC,
  WEBSOCKET_CONTINUATION_METRIC,
  WEBSOCKET_EVENT_COUNT_METRIC,
  WEBSOCKET_EVENT_DURATION_METRIC,
  WEBSOCKET_REQUEST_COUNT_METRIC,
  WEBSOCKET_REQUEST_DURATION_METRIC,
} from './metric-names.ts';
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
export { boundedOriginatorTagValue, sanitizeMetricTagValue } from './tag-value.ts';
export type { TemporalityPreference } from './temporality.ts';
export { microUsdFromDecimal, recordTurnCost } from './turn-cost.ts';
