import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { eventAlone } from '../session-event.ts';

/** The scope of these records, as in Codex. */
export const AGENT_COMMUNICATION_TARGET = 'codex_otel.agent_communication';

const message = {
  /** The id of the message. */
  communicationId: { name: 'communication_id' },
  /** Why it was sent. */
  kind: { name: 'kind', values: ['spawn', 'followup'], open: true },
  /** How far the message has come. */
  state: { name: 'state', values: ['send'], open: true },
  /** The conversation that sent it. */
  senderThreadId: { name: 'sender_thread_id' },
  /** The conversation that it was sent to. */
  receiverThreadId: { name: 'receiver_thread_id' },
  /** The text. Content: log records only; `[REDACTED]` without `logUserPrompts`. */
  content: {
    name: 'content',
    on: 'log',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    about: '`[REDACTED]` without `logUserPrompts`',
  },
} as const;

const progress = {
  /** The id of the message. */
  communicationId: { name: 'communication_id' },
  /** What became of it. */
  state: { name: 'state', values: ['receive'], open: true },
} as const;

/** Options of {@link SessionTelemetry.agentCommunication}. */
export interface AgentCommunicationOptions extends EventOptions<typeof message> {}

/** Options of {@link SessionTelemetry.agentCommunicationState}. */
export interface AgentCommunicationStateOptions extends EventOptions<typeof progress> {}

const messageEvent = defineEvent('codex.agent_communication', {
  on: 'log',
  about: 'One agent sent a message to another.',
  common: 'none',
  scope: AGENT_COMMUNICATION_TARGET,
  attributes: message,
});

const progressEvent = defineEvent('codex.agent_communication', {
  on: 'log',
  about: 'What became of a message from one agent to another.',
  common: 'none',
  scope: AGENT_COMMUNICATION_TARGET,
  attributes: progress,
});

export const agentCommunication: SessionEvent<AgentCommunicationOptions> = eventAlone(messageEvent);

export const agentCommunicationState: SessionEvent<AgentCommunicationStateOptions> = eventAlone(progressEvent);
