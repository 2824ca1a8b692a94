// Every call of a session that records: a line here is a method of `SessionTelemetry`, a table in `docs/events.md`, and a
// case of the tests that try them all.
export { agentCommunication, agentCommunicationState } from './agent-communication.ts';
export { agentResponse } from './agent-response.ts';
export { recordApiRequest } from './api-request.ts';
export { recordAuthRecovery } from './auth-recovery.ts';
export { conversationStarts } from './conversation-starts.ts';
export { genAiInferenceDetails } from './gen-ai-inference.ts';
export { guardianAssessment } from './guardian-assessment.ts';
export { recordGuardianReview } from './guardian-review.ts';
export { recordPluginInstallElicitationSent, recordPluginInstallSuggestion } from './plugin-install.ts';
export { recordRetry } from './retry.ts';
export { sandboxOutcome } from './sandbox-outcome.ts';
export { skillInvocation } from './skill-invocation.ts';
export { logSseEvent, sseEventCompleted, sseEventCompletedFailed, sseEventFailed } from './sse-event.ts';
export { recordStartupPhase } from './startup-phase.ts';
export { recordToolCallReceived, recordToolResultReady } from './tool-call-trace.ts';
export { toolDecision } from './tool-decision.ts';
export { logToolFailed, toolResult } from './tool-result.ts';
export { recordTurnCost } from './turn-cost.ts';
export { recordTurnProfile } from './turn-profile.ts';
export { recordTurnProgress } from './turn-progress.ts';
export { recordTurnTtft } from './turn-ttft.ts';
export { userPrompt } from './user-prompt.ts';
export { recordWebsocketConnect } from './websocket-connect.ts';
export { recordWebsocketEvent } from './websocket-event.ts';
export { recordWebsocketRequest } from './websocket-request.ts';
