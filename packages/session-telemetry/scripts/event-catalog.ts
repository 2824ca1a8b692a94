import type { EventDefinition } from '../src/event-definition.ts';
import { agentCommunicationEvent } from '../src/events/agent-communication.ts';
import { agentResponseEvent } from '../src/events/agent-response.ts';
import { apiRequestEvent } from '../src/events/api-request.ts';
import { authRecoveryEvent } from '../src/events/auth-recovery.ts';
import { conversationStartsEvent } from '../src/events/conversation-starts.ts';
import { guardianAssessmentEvent } from '../src/events/guardian-assessment.ts';
import { pluginInstallElicitationEvent, pluginInstallSuggestionEvent } from '../src/events/plugin-install.ts';
import { sandboxOutcomeEvent } from '../src/events/sandbox-outcome.ts';
import { skillInvocationEvent } from '../src/events/skill-invocation.ts';
import { sseCompletedEvent, sseCompletedFailedEvent, sseFailedEvent, sseFrameEvent } from '../src/events/sse-event.ts';
import { startupPhaseEvent } from '../src/events/startup-phase.ts';
import { toolDecisionEvent } from '../src/events/tool-decision.ts';
import { toolFailedEvent, toolResultEvent } from '../src/events/tool-result.ts';
import { turnCostEvent } from '../src/events/turn-cost.ts';
import { turnTtftEvent } from '../src/events/turn-ttft.ts';
import { userPromptEvent } from '../src/events/user-prompt.ts';
import { websocketConnectEvent } from '../src/events/websocket-connect.ts';
import { websocketRequestEvent } from '../src/events/websocket-request.ts';
import { networkPolicyDecisionEvent } from '../src/network-proxy-audit.ts';

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
  agentCommunicationEvent,
  guardianAssessmentEvent,
  turnCostEvent,
  networkPolicyDecisionEvent,
];
