/** Counter: calls of a tool. Tags `tool`, `success`, and the host's own, such as `sandbox` or `command_category`. */
export const TOOL_CALL_COUNT_METRIC = 'codex.tool.call';
/** Duration: calls of a tool. Tags `tool`, `success`. */
export const TOOL_CALL_DURATION_METRIC = 'codex.tool.call.duration_ms';
/** Counter: calls of the unified exec tool. Tag `tty`. */
export const TOOL_UNIFIED_EXEC_METRIC = 'codex.tool.unified_exec';
/** Counter: requests to the model's API. Tags `status`, `success`. */
export const API_CALL_COUNT_METRIC = 'codex.api_request';
/** Duration: requests to the model's API. Tags `status`, `success`. */
export const API_CALL_DURATION_METRIC = 'codex.api_request.duration_ms';
/** Counter: events of a response stream. Tags `kind`, `success`. */
export const SSE_EVENT_COUNT_METRIC = 'codex.sse_event';
/** Duration: waiting for an event of a response stream. Tags `kind`, `success`. */
export const SSE_EVENT_DURATION_METRIC = 'codex.sse_event.duration_ms';
/** Counter: sockets that were opened, or could not be. Tags `success`, `reauth`. */
export const WEBSOCKET_CONNECT_COUNT_METRIC = 'codex.websocket.connect';
/** Duration: opening a socket. Tags `success`, `reauth`. */
export const WEBSOCKET_CONNECT_DURATION_METRIC = 'codex.websocket.connect.duration_ms';
/** Counter: requests over a WebSocket. Tag `success`. */
export const WEBSOCKET_REQUEST_COUNT_METRIC = 'codex.websocket.request';
/** Duration: requests over a WebSocket. Tag `success`. */
export const WEBSOCKET_REQUEST_DURATION_METRIC = 'codex.websocket.request.duration_ms';
/** Counter: messages of a WebSocket. Tags `kind`, `success`. */
export const WEBSOCKET_EVENT_COUNT_METRIC = 'codex.websocket.event';
/** Duration: waiting for a message of a WebSocket. Tags `kind`, `success`. */
export const WEBSOCKET_EVENT_DURATION_METRIC = 'codex.websocket.event.duration_ms';
/** Counter: attempts to go on with a response over a WebSocket. Tags `mode`, `phase`, `reason`, `after_prewarm` and `*_item_type`. */
export const WEBSOCKET_CONTINUATION_METRIC = 'codex.websocket.continuation';
/** Duration: overhead of the Responses API. */
export const RESPONSES_API_OVERHEAD_DURATION_METRIC = 'codex.responses_api_overhead.duration_ms';
/** Duration: inference of the Responses API. */
export const RESPONSES_API_INFERENCE_TIME_DURATION_METRIC = 'codex.responses_api_inference_time.duration_ms';
/** Duration: the engine's time to first token, inference API. */
export const RESPONSES_API_ENGINE_IAPI_TTFT_DURATION_METRIC = 'codex.responses_api_engine_iapi_ttft.duration_ms';
/** Duration: the engine's time to first token, service. */
export const RESPONSES_API_ENGINE_SERVICE_TTFT_DURATION_METRIC = 'codex.responses_api_engine_service_ttft.duration_ms';
/** Duration: the engine's time between tokens, inference API. Fractions are kept. */
export const RESPONSES_API_ENGINE_IAPI_TBT_DURATION_METRIC = 'codex.responses_api_engine_iapi_tbt.duration_ms';
/** Duration: the engine's time between tokens, service. Fractions are kept. */
export const RESPONSES_API_ENGINE_SERVICE_TBT_DURATION_METRIC = 'codex.responses_api_engine_service_tbt.duration_ms';
/** Duration: a turn from its start to its end. */
export const TURN_E2E_DURATION_METRIC = 'codex.turn.e2e_duration_ms';
/** Duration: a turn's time to first token. */
export const TURN_TTFT_DURATION_METRIC = 'codex.turn.ttft.duration_ms';
/** Duration: a turn's time to first message. */
export const TURN_TTFM_DURATION_METRIC = 'codex.turn.ttfm.duration_ms';
/** Counter: turns, by whether the network proxy was active. Tags `active`, `tmp_mem_enabled`. */
export const TURN_NETWORK_PROXY_METRIC = 'codex.turn.network_proxy';
/** Counter: turns, by their use of memories. */
export const TURN_MEMORY_METRIC = 'codex.turn.memory';
/** Histogram: tool calls of a turn. Tag `tmp_mem_enabled`. */
export const TURN_TOOL_CALL_METRIC = 'codex.turn.tool.call';
/** Histogram: tokens of a turn. Tags `token_type`, `tmp_mem_enabled`. */
export const TURN_TOKEN_USAGE_METRIC = 'codex.turn.token_usage';
/** Counter: cost of turns in millionths of a dollar. */
export const TURN_COST_MICROUSD_METRIC = 'codex.turn.cost_microusd';
/** Duration: a turn, as its profile has it. */
export const TURN_CRITICAL_PATH_DURATION_METRIC = 'codex.turn.critical_path.duration_ms';
/** Duration: what the time of a turn went to; the components add up to its duration. Tag `component`. */
export const TURN_CRITICAL_PATH_COMPONENT_METRIC = 'codex.turn.critical_path.component_ms';
/** Counter: background terminals that run at the end of turns. */
export const TURN_UNIFIED_EXEC_RUNNING_PROCESSES_METRIC = 'codex.turn.unified_exec.running_processes';
/** Counter: turns that a user's input started. */
export const CONVERSATION_TURN_COUNT_METRIC = 'codex.conversation.turn.count';
/** Duration: a phase of start-up. Tags `phase`, `status`. */
export const STARTUP_PHASE_DURATION_METRIC = 'codex.startup.phase.duration_ms';
/** Duration: warming up ahead of the first turn. Tag `status`. */
export const STARTUP_PREWARM_DURATION_METRIC = 'codex.startup_prewarm.duration_ms';
/** Duration: age of the warm-up at the first turn. Tag `status`. */
export const STARTUP_PREWARM_AGE_AT_FIRST_TURN_METRIC = 'codex.startup_prewarm.age_at_first_turn_ms';
/** Counter: processes started. Tag `originator`, no session tags. */
export const PROCESS_START_METRIC = 'codex.process.start';
/** Counter: threads started. Tags `is_git`, `is_worktree`. */
export const THREAD_STARTED_METRIC = 'codex.thread.started';
/** Histogram: skills enabled in a thread. */
export const THREAD_SKILLS_ENABLED_TOTAL_METRIC = 'codex.thread.skills.enabled_total';
/** Histogram: skills kept in a thread. */
export const THREAD_SKILLS_KEPT_TOTAL_METRIC = 'codex.thread.skills.kept_total';
/** Histogram of 0 and 1: whether the list of skills was cut. */
export const THREAD_SKILLS_TRUNCATED_METRIC = 'codex.thread.skills.truncated';
/** Histogram: characters cut from descriptions of skills. */
export const THREAD_SKILLS_DESCRIPTION_TRUNCATED_CHARS_METRIC = 'codex.thread.skills.description_truncated_chars';
/** Histogram: tool namespaces of a thread. Tag `kind`. */
export const THREAD_TOOLS_NAMESPACES_TOTAL_METRIC = 'codex.thread.tools.namespaces_total';
/** Histogram: size of a thread's tools. Tag `kind`. */
export const THREAD_TOOLS_FRAGMENT_BYTES_METRIC = 'codex.thread.tools.fragment_bytes';
/** Counter: approvals that somebody was asked for. Tags `tool`, `approved`. */
export const APPROVAL_REQUESTED_METRIC = 'codex.approval.requested';
/** Duration: how long a turn waited for the guardian. Tag `outcome`. */
export const GUARDIAN_TURN_BLOCKING_METRIC = 'codex.guardian.turn.blocking_ms';
/** Duration: a decision of the guardian. */
export const GUARDIAN_DECISION_DURATION_METRIC = 'codex.guardian.decision.duration_ms';
/** Counter: reviews by the guardian. */
export const GUARDIAN_REVIEW_COUNT_METRIC = 'codex.guardian.review';
/** Duration: a review by the guardian. */
export const GUARDIAN_REVIEW_DURATION_METRIC = 'codex.guardian.review.duration_ms';
/** Duration: time to first token of a review by the guardian. */
export const GUARDIAN_REVIEW_TTFT_DURATION_METRIC = 'codex.guardian.review.ttft.duration_ms';
/** Histogram: tokens of a review by the guardian. */
export const GUARDIAN_REVIEW_TOKEN_USAGE_METRIC = 'codex.guardian.review.token_usage';
/** Counter: goals created. */
export const GOAL_CREATED_METRIC = 'codex.goal.created';
/** Counter: goals resumed. */
export const GOAL_RESUMED_METRIC = 'codex.goal.resumed';
/** Counter: goals completed. */
export const GOAL_COMPLETED_METRIC = 'codex.goal.completed';
/** Counter: goals that ran out of budget. */
export const GOAL_BUDGET_LIMITED_METRIC = 'codex.goal.budget_limited';
/** Counter: goals that met a usage limit. */
export const GOAL_USAGE_LIMITED_METRIC = 'codex.goal.usage_limited';
/** Counter: goals blocked. */
export const GOAL_BLOCKED_METRIC = 'codex.goal.blocked';
/** Histogram: tokens of a goal. Tag `status`. */
export const GOAL_TOKEN_COUNT_METRIC = 'codex.goal.token_count';
/** Histogram: seconds of a goal. Tag `status`. */
export const GOAL_DURATION_SECONDS_METRIC = 'codex.goal.duration_s';
/** Counter: syncs of plugins at start-up. */
export const PLUGINS_STARTUP_SYNC_METRIC = 'codex.plugins.startup_sync';
/** Counter: final results of syncs of plugins at start-up. */
export const PLUGINS_STARTUP_SYNC_FINAL_METRIC = 'codex.plugins.startup_sync.final';
/** Counter: plugin installs elicited. Tag `tool_type`. */
export const PLUGINS_INSTALL_ELICITATION_SENT_METRIC = 'codex.plugins.install_elicitation.sent';
/** Counter: plugin installs suggested. Tags `tool_type`, `response_action`, `completed`. */
export const PLUGINS_INSTALL_SUGGESTION_METRIC = 'codex.plugins.install_suggestion';
/** Counter: runs of hooks. Tags `hook_name`, `source`, `status`. */
export const HOOK_RUN_METRIC = 'codex.hooks.run';
/** Duration: a run of a hook. Tags as of the counter. */
export const HOOK_RUN_DURATION_METRIC = 'codex.hooks.run.duration_ms';
/** Counter: sub-agents that did not start. */
export const MULTI_AGENT_SPAWN_FAILURE_METRIC = 'codex.multi_agent.spawn.failure';
/** Duration: a phase of starting a sub-agent. */
export const MULTI_AGENT_SPAWN_PHASE_DURATION_METRIC = 'codex.multi_agent.spawn.phase.duration_ms';
/** Counter: operations on artifacts started. */
export const ARTIFACT_OPERATION_STARTED_METRIC = 'codex.artifact.operation.started';
/** Histogram: outputs expected of an operation on artifacts. */
export const ARTIFACT_OPERATION_EXPECTED_OUTPUT_COUNT_METRIC = 'codex.artifact.operation.expected_output_count';
/** Counter: calls of MCP tools. */
export const MCP_CALL_COUNT_METRIC = 'codex.mcp.call';
/** Duration: calls of MCP tools. */
export const MCP_CALL_DURATION_METRIC = 'codex.mcp.call.duration_ms';
/** Counter: features and their states. Tags `feature`, `value`. */
export const FEATURE_STATE_METRIC = 'codex.feature.state';
/** Counter: compactions. Tags `type`, `manual`. */
export const TASK_COMPACT_METRIC = 'codex.task.compact';
/** Counter: reviews that a user asked for. */
export const TASK_REVIEW_METRIC = 'codex.task.review';
/** Counter: shell commands that a user typed. */
export const TASK_USER_SHELL_METRIC = 'codex.task.user_shell';
/** Counter: responses, by whether their reasoning could be sent again. Tag `report`. */
export const RESPONSES_REASONING_REPLAY_METRIC = 'codex.responses.reasoning_replay';
/** Histogram: tools offered to the model with a request. Tags `exposure`, `incremental_tools`, `tool_mode`. */
export const TOOLS_REGISTERED_METRIC = 'codex.tools.registered';
/** Counter: checks whether a socket's warm-up can be used. Tags `input`, `outcome`. */
export const STARTUP_PREWARM_WEBSOCKET_CHECK_METRIC = 'codex.startup_prewarm.websocket_check';
/** Counter: remote calls to the exec server, also those refused before they were sent. */
export const EXEC_SERVER_CLIENT_REQUESTS_METRIC = 'exec_server_client_requests_total';
/** Histogram of the GenAI conventions: tokens of a model's operation. */
export const GEN_AI_CLIENT_TOKEN_USAGE_METRIC = 'gen_ai.client.token.usage';
/** Histogram of the GenAI conventions: seconds of a model's operation. */
export const GEN_AI_CLIENT_OPERATION_DURATION_METRIC = 'gen_ai.client.operation.duration';

/**
 * What the built-in Statsig exporter does not send. Other exporters send it, and the runtime snapshot holds it
 * with any of them.
 */
export const STATSIG_EXCLUDED_METRICS: readonly string[] = [
  API_CALL_COUNT_METRIC,
  API_CALL_DURATION_METRIC,
  CONVERSATION_TURN_COUNT_METRIC,
  RESPONSES_API_ENGINE_IAPI_TTFT_DURATION_METRIC,
  RESPONSES_API_ENGINE_SERVICE_TBT_DURATION_METRIC,
  RESPONSES_API_ENGINE_SERVICE_TTFT_DURATION_METRIC,
  TOOL_CALL_COUNT_METRIC,
  TOOL_CALL_DURATION_METRIC,
  TURN_COST_MICROUSD_METRIC,
  TURN_TOKEN_USAGE_METRIC,
  EXEC_SERVER_CLIENT_REQUESTS_METRIC,
];
