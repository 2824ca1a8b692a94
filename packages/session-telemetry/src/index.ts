export type { ErrorOptions } from './error-description.ts';
export type { ContentField } from './event-definition.ts';
export type { ApiRequestOptions } from './events/api-request.ts';
export type { AuthRecoveryMode, AuthRecoveryStep, AuthRequestOptions } from './events/auth-request.ts';
export type { ConversationStartsOptions } from './events/conversation-starts.ts';
export type { ToolDecision, ToolDecisionOptions, ToolDecisionSource } from './events/tool-decision.ts';
export type { ToolFailedOptions, ToolResultOptions } from './events/tool-result.ts';
export type { TurnTtftOptions } from './events/turn-ttft.ts';
export type { UserInput } from './events/user-prompt.ts';
export type { InferenceRequest } from './session-identity.ts';
export type { AuthEnvMetadata, AuthMode, SessionMetadata, SessionSettings, SessionSource } from './session-metadata.ts';
export { sessionOptionsFromSettings } from './session-metadata.ts';
export type { RuntimeSnapshot, SessionSinks } from './session-telemetry.ts';
export { SessionTelemetry } from './session-telemetry.ts';
export type { ToolOutcome } from './tool-outcome.ts';
export type {
  SseEventCompletedOptions,
  SseEventFailedOptions,
  SseEventOptions,
  ToolCallOptions,
} from './turn/turn-session.ts';
export type { WebsocketEventInput } from './websocket-frame.ts';
