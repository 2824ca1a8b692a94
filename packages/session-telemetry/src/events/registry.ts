import type { Context } from '@opentelemetry/api';
import type { ErrorOptions } from '../error-description.ts';
import type { SessionEvent } from '../session-event.ts';
import type { SseEventOptions } from '../sse-classification.ts';
import type { WebsocketEventOptions } from '../websocket-frame.ts';
import type { AgentCommunicationOptions, AgentCommunicationStateOptions } from './agent-communication.ts';
import { agentCommunication, agentCommunicationState } from './agent-communication.ts';
import type { AgentResponseOptions } from './agent-response.ts';
import { agentResponse } from './agent-response.ts';
import type { ApiRequestOptions } from './api-request.ts';
import { recordApiRequest } from './api-request.ts';
import type { AuthRecoveryOptions } from './auth-recovery.ts';
import { recordAuthRecovery } from './auth-recovery.ts';
import type { ConversationStartsOptions } from './conversation-starts.ts';
import { conversationStarts } from './conversation-starts.ts';
import type { GenAiInferenceDetails } from './gen-ai-inference.ts';
import { genAiInferenceDetails } from './gen-ai-inference.ts';
import type { GuardianAssessmentOptions } from './guardian-assessment.ts';
import { guardianAssessment } from './guardian-assessment.ts';
import type { GuardianReviewOptions } from './guardian-review.ts';
import { recordGuardianReview } from './guardian-review.ts';
import type { PluginInstallElicitationOptions, PluginInstallSuggestionOptions } from './plugin-install.ts';
import { recordPluginInstallElicitationSent, recordPluginInstallSuggestion } from './plugin-install.ts';
import type { RetryOptions } from './retry.ts';
import { recordRetry } from './retry.ts';
import type { SandboxOutcomeOptions } from './sandbox-outcome.ts';
import { sandboxOutcome } from './sandbox-outcome.ts';
import type { SkillInvocationOptions } from './skill-invocation.ts';
import { skillInvocation } from './skill-invocation.ts';
import type { SseEventCompletedOptions, SseEventFailedOptions } from './sse-event.ts';
import { logSseEvent, sseEventCompleted, sseEventCompletedFailed, sseEventFailed } from './sse-event.ts';
import type { StartupPhaseOptions } from './startup-phase.ts';
import { recordStartupPhase } from './startup-phase.ts';
import type { ToolCallReceivedOptions, ToolResultReadyOptions } from './tool-call-trace.ts';
import { recordToolCallReceived, recordToolResultReady } from './tool-call-trace.ts';
import type { ToolDecisionOptions } from './tool-decision.ts';
import { toolDecision } from './tool-decision.ts';
import type { ToolFailedOptions, ToolResultOptions } from './tool-result.ts';
import { logToolFailed, toolResult } from './tool-result.ts';
import type { TurnCostOptions } from './turn-cost.ts';
import { recordTurnCost } from './turn-cost.ts';
import type { TurnProfileOptions } from './turn-profile.ts';
import { recordTurnProfile } from './turn-profile.ts';
import type { TurnProgressOptions } from './turn-progress.ts';
import { recordTurnProgress } from './turn-progress.ts';
import type { TurnTtftOptions } from './turn-ttft.ts';
import { recordTurnTtft } from './turn-ttft.ts';
import type { UserInput } from './user-prompt.ts';
import { userPrompt } from './user-prompt.ts';
import type { WebsocketConnectOptions } from './websocket-connect.ts';
import { recordWebsocketConnect } from './websocket-connect.ts';
import { recordWebsocketEvent } from './websocket-event.ts';
import type { WebsocketRequestOptions } from './websocket-request.ts';
import { recordWebsocketRequest } from './websocket-request.ts';

/**
 * The methods of `SessionTelemetry` that record an event. Declared one by one, so that editors show what each does:
 * comments on inferred methods get lost in the published types.
 */
export interface SessionEventMethods {
  /** `codex.agent_communication`: one agent sent a message to another. Log record only. */
  agentCommunication(options: AgentCommunicationOptions, context?: Context): void;
  /** `codex.agent_communication` in its short form: what became of a message. Log record only. */
  agentCommunicationState(options: AgentCommunicationStateOptions, context?: Context): void;
  /** `codex.agent_response`: a final answer, once for each item of a turn. Only with `logAgentResponses`. */
  agentResponse(options: AgentResponseOptions, context?: Context): void;
  /** `codex.api_request`: one attempt at an HTTP request, with its counter and duration. */
  recordApiRequest(options: ApiRequestOptions, context?: Context): void;
  /** `codex.auth_recovery`: one step of renewing credentials succeeded or failed. No metric. */
  recordAuthRecovery(options: AuthRecoveryOptions, context?: Context): void;
  /** `codex.conversation_starts`: a session begins, with its configuration. */
  conversationStarts(options: ConversationStartsOptions, context?: Context): void;
  /**
   * `gen_ai.client.inference.operation.details`: a finished model call by the GenAI conventions, with its content. Only
   * with a mode of `genAi`, and with `logUserPrompts` or `logAgentResponses`. Log record only. Turns record it by
   * themselves.
   */
  genAiInferenceDetails(options: GenAiInferenceDetails, context?: Context): void;
  /** `codex.guardian_assessment`: an automatic review ended. Only with `logGuardianAssessments`. Log record only. */
  guardianAssessment(options: GuardianAssessmentOptions, context?: Context): void;
  /** Metrics only: counts an automatic review and records its duration, time to first token and tokens. */
  recordGuardianReview(options: GuardianReviewOptions, context?: Context): void;
  /** `codex.plugin_install_elicitation_sent`: the user was asked whether to install a tool, with its counter. */
  recordPluginInstallElicitationSent(options: PluginInstallElicitationOptions, context?: Context): void;
  /** `codex.plugin_install_suggestion`: the user answered such a question, with its counter. */
  recordPluginInstallSuggestion(options: PluginInstallSuggestionOptions, context?: Context): void;
  /** `codex.retry`: an attempt failed, and the next one follows after a pause. Span event only. */
  recordRetry(options: RetryOptions, context?: Context): void;
  /** `codex.sandbox_outcome`: the sandbox stopped a tool call, or the call ran again outside it. No metric. */
  sandboxOutcome(options: SandboxOutcomeOptions, context?: Context): void;
  /** `codex.skill_invocation`: a skill was used. An implicit use is recorded once for each skill and turn. Log record only. */
  skillInvocation(options: SkillInvocationOptions, context?: Context): void;
  /**
   * `codex.sse_event`: a stream event arrived, reported a failure, could not be read, or never came; with its counter
   * and duration. Turns record it by themselves.
   */
  logSseEvent(options: SseEventOptions, context?: Context): void;
  /** `codex.sse_event` with the usage of a completed response. Turns record it by themselves. */
  sseEventCompleted(options: SseEventCompletedOptions, context?: Context): void;
  /** `codex.sse_event` of a completed event that could not be read or never came. Turns record it by themselves. */
  sseEventCompletedFailed(options: ErrorOptions, context?: Context): void;
  /** `codex.sse_event` of a failed stream event, with its counter and duration. Turns record it by themselves. */
  sseEventFailed(options: SseEventFailedOptions, context?: Context): void;
  /** `codex.startup_phase`: a phase of starting up ended, with its duration. */
  recordStartupPhase(options: StartupPhaseOptions, context?: Context): void;
  /** `codex.tool_call_received`: a tool call was handed to its tool. Span event only. Turns record it by themselves. */
  recordToolCallReceived(options: ToolCallReceivedOptions, context?: Context): void;
  /** `codex.tool_result_ready`: a tool call returned or failed. Span event only. Turns record it by themselves. */
  recordToolResultReady(options: ToolResultReadyOptions, context?: Context): void;
  /** `codex.tool_decision`: a tool call was approved or denied; counted if the user or a reviewer was asked. Log record only. */
  toolDecision(options: ToolDecisionOptions, context?: Context): void;
  /** `codex.tool_result` of a call that could not be dispatched, for example because the tool is unknown. */
  logToolFailed(options: ToolFailedOptions, context?: Context): void;
  /** `codex.tool_result`: a tool call ended, with its counter and duration. */
  toolResult(options: ToolResultOptions, context?: Context): void;
  /** `codex.turn_cost`: the back end's estimate of a turn's cost, with a counter in millionths of a dollar. Log record only. */
  recordTurnCost(options: TurnCostOptions, context?: Context): void;
  /** `codex.turn_profile`: where the time of a turn went, as span event and metrics. Turns record it by themselves. */
  recordTurnProfile(options: TurnProfileOptions, context?: Context): void;
  /** `codex.turn_progress`: a turn is still open, and what it is doing. Log record only; Codex has no such event. */
  recordTurnProgress(options: TurnProgressOptions, context?: Context): void;
  /** `codex.turn_ttft`: the first token of a turn came, with its duration. Turns record it by themselves. */
  recordTurnTtft(options: TurnTtftOptions, context?: Context): void;
  /** `codex.user_prompt`: the user sent a prompt, which may have several parts. */
  userPrompt(items: readonly UserInput[], context?: Context): void;
  /** `codex.websocket_connect`: a socket was opened or could not be, with its counter and duration. */
  recordWebsocketConnect(options: WebsocketConnectOptions, context?: Context): void;
  /** Metrics only: counts and times what a WebSocket delivered, and takes the server's own timings from it. */
  recordWebsocketEvent(options: WebsocketEventOptions, context?: Context): void;
  /** `codex.websocket_request`: a request was sent over a socket or could not be, with its counter and duration. */
  recordWebsocketRequest(options: WebsocketRequestOptions, context?: Context): void;
}

/** What each method records. The docs and the tests that try every event read this table. */
export const events: {
  readonly [M in keyof SessionEventMethods]: SessionEvent<Parameters<SessionEventMethods[M]>[0]>;
} = {
  agentCommunication,
  agentCommunicationState,
  agentResponse,
  recordApiRequest,
  recordAuthRecovery,
  conversationStarts,
  genAiInferenceDetails,
  guardianAssessment,
  recordGuardianReview,
  recordPluginInstallElicitationSent,
  recordPluginInstallSuggestion,
  recordRetry,
  sandboxOutcome,
  skillInvocation,
  logSseEvent,
  sseEventCompleted,
  sseEventCompletedFailed,
  sseEventFailed,
  recordStartupPhase,
  recordToolCallReceived,
  recordToolResultReady,
  toolDecision,
  logToolFailed,
  toolResult,
  recordTurnCost,
  recordTurnProfile,
  recordTurnProgress,
  recordTurnTtft,
  userPrompt,
  recordWebsocketConnect,
  recordWebsocketEvent,
  recordWebsocketRequest,
};
