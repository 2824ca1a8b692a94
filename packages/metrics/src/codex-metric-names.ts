/**
 * Names of Codex's metrics, by what they measure. Each says how the metric is recorded and which tags it has beside
 * those of the session.
 */
export const codexMetricNames = {
  /** Counter: calls of a tool. Tags `tool`, `success`, and the host's own, such as `sandbox` or `command_category`. */
  toolCallCount: 'codex.tool.call',
  /** Duration: calls of a tool. Tags `tool`, `success`. */
  toolCallDuration: 'codex.tool.call.duration_ms',
  /** Counter: calls of the unified exec tool. Tag `tty`. */
  toolUnifiedExec: 'codex.tool.unified_exec',
  /** Counter: requests to the model's API. Tags `status`, `success`. */
  apiCallCount: 'codex.api_request',
  /** Duration: requests to the model's API. Tags `status`, `success`. */
  apiCallDuration: 'codex.api_request.duration_ms',
  /** Counter: events of a response stream. Tags `kind`, `success`. */
  sseEventCount: 'codex.sse_event',
  /** Duration: waiting for an event of a response stream. Tags `kind`, `success`. */
  sseEventDuration: 'codex.sse_event.duration_ms',
  /** Counter: sockets that were opened, or could not be. Tags `success`, `reauth`. */
  websocketConnectCount: 'codex.websocket.connect',
  /** Duration: opening a socket. Tags `success`, `reauth`. */
  websocketConnectDuration: 'codex.websocket.connect.duration_ms',
  /** Counter: requests over a WebSocket. Tag `success`. */
  websocketRequestCount: 'codex.websocket.request',
  /** Duration: requests over a WebSocket. Tag `success`. */
  websocketRequestDuration: 'codex.websocket.request.duration_ms',
  /** Counter: messages of a WebSocket. Tags `kind`, `success`. */
  websocketEventCount: 'codex.websocket.event',
  /** Duration: waiting for a message of a WebSocket. Tags `kind`, `success`. */
  websocketEventDuration: 'codex.websocket.event.duration_ms',
  /** Counter: attempts to continue a response over a WebSocket. Tags `mode`, `phase`, `reason`, `after_prewarm`, `*_item_type`. */
  websocketContinuation: 'codex.websocket.continuation',
  /** Duration: overhead of the Responses API. */
  responsesApiOverheadDuration: 'codex.responses_api_overhead.duration_ms',
  /** Duration: inference of the Responses API. */
  responsesApiInferenceTimeDuration: 'codex.responses_api_inference_time.duration_ms',
  /** Duration: the engine's time to first token, inference API. */
  responsesApiEngineIapiTtftDuration: 'codex.responses_api_engine_iapi_ttft.duration_ms',
  /** Duration: the engine's time to first token, service. */
  responsesApiEngineServiceTtftDuration: 'codex.responses_api_engine_service_ttft.duration_ms',
  /** Duration: the engine's time between tokens, inference API. Fractions are kept. */
  responsesApiEngineIapiTbtDuration: 'codex.responses_api_engine_iapi_tbt.duration_ms',
  /** Duration: the engine's time between tokens, service. Fractions are kept. */
  responsesApiEngineServiceTbtDuration: 'codex.responses_api_engine_service_tbt.duration_ms',
  /** Duration: a turn from its start to its end. */
  turnE2eDuration: 'codex.turn.e2e_duration_ms',
  /** Duration: a turn's time to first token. */
  turnTtftDuration: 'codex.turn.ttft.duration_ms',
  /** Duration: a turn's time to first message. */
  turnTtfmDuration: 'codex.turn.ttfm.duration_ms',
  /** Counter: turns, by whether the network proxy was active. Tags `active`, `tmp_mem_enabled`. */
  turnNetworkProxy: 'codex.turn.network_proxy',
  /** Counter: turns, by their use of memories. */
  turnMemory: 'codex.turn.memory',
  /** Histogram: tool calls of a turn. Tag `tmp_mem_enabled`. */
  turnToolCall: 'codex.turn.tool.call',
  /** Histogram: tokens of a turn. Tags `token_type`, `tmp_mem_enabled`. */
  turnTokenUsage: 'codex.turn.token_usage',
  /** Counter: cost of turns in millionths of a dollar. */
  turnCostMicrousd: 'codex.turn.cost_microusd',
  /** Duration: a turn, as in its profile. */
  turnCriticalPathDuration: 'codex.turn.critical_path.duration_ms',
  /** Duration: where the time of a turn went; the components add up to its duration. Tag `component`. */
  turnCriticalPathComponent: 'codex.turn.critical_path.component_ms',
  /** Counter: background terminals that run at the end of turns. */
  turnUnifiedExecRunningProcesses: 'codex.turn.unified_exec.running_processes',
  /** Counter: turns that a user's input started. */
  conversationTurnCount: 'codex.conversation.turn.count',
  /** Duration: a phase of start-up. Tags `phase`, `status`. */
  startupPhaseDuration: 'codex.startup.phase.duration_ms',
  /** Duration: warming up ahead of the first turn. Tag `status`. */
  startupPrewarmDuration: 'codex.startup_prewarm.duration_ms',
  /** Duration: age of the warm-up at the first turn. Tag `status`. */
  startupPrewarmAgeAtFirstTurn: 'codex.startup_prewarm.age_at_first_turn_ms',
  /** Counter: processes started. Tag `originator`, no session tags. */
  processStart: 'codex.process.start',
  /** Counter: threads started. Tags `is_git`, `is_worktree`. */
  threadStarted: 'codex.thread.started',
  /** Histogram: skills enabled in a thread. */
  threadSkillsEnabledTotal: 'codex.thread.skills.enabled_total',
  /** Histogram: skills kept in a thread. */
  threadSkillsKeptTotal: 'codex.thread.skills.kept_total',
  /** Histogram of 0 and 1: whether the list of skills was cut. */
  threadSkillsTruncated: 'codex.thread.skills.truncated',
  /** Histogram: characters cut from descriptions of skills. */
  threadSkillsDescriptionTruncatedChars: 'codex.thread.skills.description_truncated_chars',
  /** Histogram: tool namespaces of a thread. Tag `kind`. */
  threadToolsNamespacesTotal: 'codex.thread.tools.namespaces_total',
  /** Histogram: size of a thread's tools. Tag `kind`. */
  threadToolsFragmentBytes: 'codex.thread.tools.fragment_bytes',
  /** Counter: approvals that a user was asked for. Tags `tool`, `approved`. */
  approvalRequested: 'codex.approval.requested',
  /** Duration: how long a turn waited for the guardian. Tag `outcome`. */
  guardianTurnBlocking: 'codex.guardian.turn.blocking_ms',
  /** Duration: a decision of the guardian. */
  guardianDecisionDuration: 'codex.guardian.decision.duration_ms',
  /** Counter: reviews by the guardian. */
  guardianReviewCount: 'codex.guardian.review',
  /** Duration: a review by the guardian. */
  guardianReviewDuration: 'codex.guardian.review.duration_ms',
  /** Duration: time to first token of a review by the guardian. */
  guardianReviewTtftDuration: 'codex.guardian.review.ttft.duration_ms',
  /** Histogram: tokens of a review by the guardian. */
  guardianReviewTokenUsage: 'codex.guardian.review.token_usage',
  /** Counter: goals created. */
  goalCreated: 'codex.goal.created',
  /** Counter: goals resumed. */
  goalResumed: 'codex.goal.resumed',
  /** Counter: goals completed. */
  goalCompleted: 'codex.goal.completed',
  /** Counter: goals that ran out of budget. */
  goalBudgetLimited: 'codex.goal.budget_limited',
  /** Counter: goals that met a usage limit. */
  goalUsageLimited: 'codex.goal.usage_limited',
  /** Counter: goals blocked. */
  goalBlocked: 'codex.goal.blocked',
  /** Histogram: tokens of a goal. Tag `status`. */
  goalTokenCount: 'codex.goal.token_count',
  /** Histogram: seconds of a goal. Tag `status`. */
  goalDurationSeconds: 'codex.goal.duration_s',
  /** Counter: syncs of plugins at start-up. */
  pluginsStartupSync: 'codex.plugins.startup_sync',
  /** Counter: final results of syncs of plugins at start-up. */
  pluginsStartupSyncFinal: 'codex.plugins.startup_sync.final',
  /** Counter: plugin installs elicited. Tag `tool_type`. */
  pluginsInstallElicitationSent: 'codex.plugins.install_elicitation.sent',
  /** Counter: plugin installs suggested. Tags `tool_type`, `response_action`, `completed`. */
  pluginsInstallSuggestion: 'codex.plugins.install_suggestion',
  /** Counter: runs of hooks. Tags `hook_name`, `source`, `status`. */
  hookRun: 'codex.hooks.run',
  /** Duration: a run of a hook. The same tags as the counter. */
  hookRunDuration: 'codex.hooks.run.duration_ms',
  /** Counter: sub-agents that did not start. */
  multiAgentSpawnFailure: 'codex.multi_agent.spawn.failure',
  /** Duration: a phase of starting a sub-agent. */
  multiAgentSpawnPhaseDuration: 'codex.multi_agent.spawn.phase.duration_ms',
  /** Counter: operations on artifacts started. */
  artifactOperationStarted: 'codex.artifact.operation.started',
  /** Histogram: outputs expected of an operation on artifacts. */
  artifactOperationExpectedOutputCount: 'codex.artifact.operation.expected_output_count',
  /** Counter: calls of MCP tools. */
  mcpCallCount: 'codex.mcp.call',
  /** Duration: calls of MCP tools. */
  mcpCallDuration: 'codex.mcp.call.duration_ms',
  /** Counter: features and their states. Tags `feature`, `value`. */
  featureState: 'codex.feature.state',
  /** Counter: compactions. Tags `type`, `manual`. */
  taskCompact: 'codex.task.compact',
  /** Counter: reviews that a user asked for. */
  taskReview: 'codex.task.review',
  /** Counter: shell commands that a user typed. */
  taskUserShell: 'codex.task.user_shell',
  /** Counter: responses, by whether their reasoning could be sent again. Tag `report`. */
  responsesReasoningReplay: 'codex.responses.reasoning_replay',
  /** Histogram: tools offered to the model with a request. Tags `exposure`, `incremental_tools`, `tool_mode`. */
  toolsRegistered: 'codex.tools.registered',
  /** Counter: checks whether a socket's warm-up can be used. Tags `input`, `outcome`. */
  startupPrewarmWebsocketCheck: 'codex.startup_prewarm.websocket_check',
  /** Counter: remote calls to the exec server, also those refused before they were sent. */
  execServerClientRequests: 'exec_server_client_requests_total',
} as const;

/**
 * One of {@link codexMetricNames}. What each start loads spells names out, checked against this type: the object with all
 * names is then part of a bundled program only if something in it asks for a name.
 */
export type CodexMetricName = (typeof codexMetricNames)[keyof typeof codexMetricNames];
