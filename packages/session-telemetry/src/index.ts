export { AgentResponseLogger } from './agent-response-logger.ts';
export type { ContentField } from './attribute-definition.ts';
export type { AuthRecoveryMode, AuthRecoveryStep, AuthRequestOptions } from './attribute-groups.ts';
export type { ErrorOptions } from './error-description.ts';
export type { AgentCommunicationOptions, AgentCommunicationStateOptions } from './events/agent-communication.ts';
export type { AgentResponseOptions, AgentResponseTurn } from './events/agent-response.ts';
export type { ApiRequestOptions } from './events/api-request.ts';
export type { AuthRecoveryOptions } from './events/auth-recovery.ts';
export type { ConversationStartsOptions } from './events/conversation-starts.ts';
export type { GenAiInferenceDetails } from './events/gen-ai-inference.ts';
export type { GuardianAssessmentOptions } from './events/guardian-assessment.ts';
export type { GuardianReviewOptions } from './events/guardian-review.ts';
export type { PluginInstallElicitationOptions, PluginInstallSuggestionOptions } from './events/plugin-install.ts';
export type { RetryOptions } from './events/retry.ts';
export type { SandboxOutcomeOptions } from './events/sandbox-outcome.ts';
export type { SkillInvocationOptions } from './events/skill-invocation.ts';
export type { SseEventCompletedOptions, SseEventFailedOptions } from './events/sse-event.ts';
export type { StartupPhaseOptions } from './events/startup-phase.ts';
export type { ToolCallReceivedOptions, ToolResultReadyOptions } from './events/tool-call-trace.ts';
export type { ToolDecision, ToolDecisionOptions, ToolDecisionSource } from './events/tool-decision.ts';
export type { ToolFailedOptions, ToolResultOptions } from './events/tool-result.ts';
export type { TurnCostOptions } from './events/turn-cost.ts';
export type { TurnProfileOptions } from './events/turn-profile.ts';
export type { TurnProgressOptions } from './events/turn-progress.ts';
export type { TurnTtftOptions } from './events/turn-ttft.ts';
export type { UserInput } from './events/user-prompt.ts';
export type { WebsocketConnectOptions } from './events/websocket-connect.ts';
export type { WebsocketRequestOptions } from './events/websocket-request.ts';
export type {
  BaselinePolicy,
  DeciderAnswer,
  DomainPolicyDecision,
  NetworkPolicyDecisionOptions,
} from './network-proxy-audit.ts';
export { domainPolicyDecision, NetworkProxyAudit } from './network-proxy-audit.ts';
export type { ScrubSecretsOptions } from './secret-scrubber.ts';
export { scrubSecrets } from './secret-scrubber.ts';
export type { InferenceRequest } from './session-identity.ts';
export type {
  AuthEnvMetadata,
  AuthMode,
  SessionMetadata,
  SessionSettings,
  SessionSettingsInEffect,
  SessionSource,
} from './session-metadata.ts';
export { sessionOptionsFromSettings } from './session-metadata.ts';
export type { SessionSinks } from './session-sinks.ts';
export type { RuntimeSnapshot } from './session-telemetry.ts';
export { SessionTelemetry } from './session-telemetry.ts';
export type { SseEventOptions } from './sse-classification.ts';
export type { ToolOutcome } from './tool-outcome.ts';
export type { ApprovalOptions, PendingApproval } from './turn/approval.ts';
export type { GenAiMode, GenAiTurnOptions } from './turn/gen-ai/gen-ai.ts';
export type { GenAiMessage, GenAiPart } from './turn/gen-ai/messages.ts';
export type { McpToolCallOptions, McpTraceMeta } from './turn/mcp-tool-call.ts';
export type { OpenTool, OpenTurn, TurnPhase } from './turn/open-turns.ts';
export type {
  ObserveOptions,
  SessionTurn,
  SessionTurnOptions,
  TurnRetryOptions,
  TurnToolOptions,
} from './turn/session-turn.ts';
export type { ObserveSseOptions, ResponseStreamEvent, SseSource } from './turn/sse-events.ts';
export type { ToolCallOptions } from './turn/turn-session.ts';
export type { WebsocketObserver } from './turn/websocket-messages.ts';
export type { WebsocketEventOptions } from './websocket-frame.ts';
