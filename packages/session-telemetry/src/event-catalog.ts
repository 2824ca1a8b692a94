import type { EventDefinition } from './event-definition.ts';
import { agentResponseEvent } from './events/agent-response.ts';
import { apiRequestEvent } from './events/api-request.ts';
import { authRecoveryEvent } from './events/auth-recovery.ts';
import { conversationStartsEvent } from './events/conversation-starts.ts';
import { guardianAssessmentEvent } from './events/guardian-assessment.ts';
import { pluginInstallElicitationEvent, pluginInstallSuggestionEvent } from './events/plugin-install.ts';
import { sandboxOutcomeEvent } from './events/sandbox-outcome.ts';
import { skillInvocationEvent } from './events/skill-invocation.ts';
import { sseCompletedEvent, sseCompletedFailedEvent, sseFailedEvent, sseFrameEvent } from './events/sse-event.ts';
import { startupPhaseEvent } from './events/startup-phase.ts';
import { toolDecisionEvent } from './events/tool-decision.ts';
import { toolFailedEvent, toolResultEvent } from './events/tool-result.ts';
import { turnCostEvent } from './events/turn-cost.ts';
import { turnTtftEvent } from './events/turn-ttft.ts';
import { userPromptEvent } from './events/user-prompt.ts';
import { websocketConnectEvent } from './events/websocket-connect.ts';
import { websocketRequestEvent } from './events/websocket-request.ts';
import { networkPolicyDecisionEvent } from './network-proxy-audit.ts';

/** Every event there is, in the order of the README's tables. */
export const eventDefinitions: readonly EventDefinition[] = [
  conversationStartsEvent,
  userPromptEvent,
  apiRequestEvent,
  websocketConnectEvent,
  websocketRequestEvent,
  authRecoveryEvent,
  sseFrameEvent,
  sseFailedEvent,
  sseCompletedEvent,
  sseCompletedFailedEvent,
  toolDecisionEvent,
  toolResultEvent,
  toolFailedEvent,
  sandboxOutcomeEvent,
  turnTtftEvent,
  startupPhaseEvent,
  pluginInstallElicitationEvent,
  pluginInstallSuggestionEvent,
  skillInvocationEvent,
  agentResponseEvent,
  guardianAssessmentEvent,
  turnCostEvent,
  networkPolicyDecisionEvent,
];
