import type { CodexMetricName } from './codex-metric-names.ts';

/**
 * Names of metrics that the built-in Statsig exporter does not send. Other exporters send them, and the runtime
 * snapshot has them with any exporter.
 */
export const STATSIG_EXCLUDED_METRICS: readonly string[] = [
  'codex.api_request',
  'codex.api_request.duration_ms',
  'codex.conversation.turn.count',
  'codex.responses_api_engine_iapi_ttft.duration_ms',
  'codex.responses_api_engine_service_tbt.duration_ms',
  'codex.responses_api_engine_service_ttft.duration_ms',
  'codex.tool.call',
  'codex.tool.call.duration_ms',
  'codex.turn.cost_microusd',
  'codex.turn.token_usage',
  'exec_server_client_requests_total',
] satisfies readonly CodexMetricName[];

/** The durations whose fractions are kept: the time between tokens is a few milliseconds. */
export const fractionalDurations: ReadonlySet<string> = new Set<CodexMetricName>([
  'codex.responses_api_engine_iapi_tbt.duration_ms',
  'codex.responses_api_engine_service_tbt.duration_ms',
]);
