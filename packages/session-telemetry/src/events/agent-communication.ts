import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

/** Scope of these records, as Codex has it. */
export const AGENT_COMMUNICATION_TARGET = 'codex_otel.agent_communication';

const message = {
  /** Identifies the message. */
  communicationId: { name: 'communication_id', type: 'string', on: 'log' },
  kind: { name: 'kind', type: 'string', on: 'log', values: ['spawn', 'followup'], open: true },
  state: { name: 'state', type: 'string', on: 'log', values: ['send'], open: true },
  /** The conversation that it comes from. */
  senderThreadId: { name: 'sender_thread_id', type: 'string', on: 'log' },
  /** The conversation that it goes to. */
  receiverThreadId: { name: 'receiver_thread_id', type: 'string', on: 'log' },
  /** The text; content, log records only. */
  content: {
    name: 'content',
    type: 'string',
    on: 'log',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    about: '`[REDACTED]` without `logUserPrompts`',
  },
} as const;

const progress = {
  /** The message that is meant. */
  communicationId: { name: 'communication_id', type: 'string', on: 'log' },
  /** What became of it. */
  state: { name: 'state', type: 'string', on: 'log', values: ['receive'], open: true },
} as const;

/** Options of `agentCommunication`: a message between two agents. */
export interface AgentCommunicationOptions extends EventOptions<typeof message> {}

/** Options of `agentCommunicationState`: what became of a message. */
export interface AgentCommunicationStateOptions extends EventOptions<typeof progress> {}

const messageEvent = defineEvent('codex.agent_communication', {
  about: 'One agent wrote to another.',
  common: 'none',
  scope: AGENT_COMMUNICATION_TARGET,
  attributes: message,
});

const progressEvent = defineEvent('codex.agent_communication', {
  about: 'What became of a message from one agent to another.',
  common: 'none',
  scope: AGENT_COMMUNICATION_TARGET,
  attributes: progress,
});

/** `codex.agent_communication`: one agent wrote to another. */
export const agentCommunication: SessionEvent<AgentCommunicationOptions> = {
  definitions: [messageEvent],
  record: (recorder, options, context) => recorder.emit(messageEvent, options, {}, context),
};

/** `codex.agent_communication` in its short form: what became of a message. */
export const agentCommunicationState: SessionEvent<AgentCommunicationStateOptions> = {
  definitions: [progressEvent],
  record: (recorder, options, context) => recorder.emit(progressEvent, options, {}, context),
};
