import { defineEvent, type EventOptions } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  kind: { name: 'kind', type: 'string', on: 'log', values: ['spawn', 'followup'], open: true },
  state: { name: 'state', type: 'string', on: 'log', values: ['send'], open: true },
  /** The conversation that it comes from. */
  senderThreadId: { name: 'sender_thread_id', type: 'string', on: 'log' },
  /** The conversation that it goes to. */
  receiverThreadId: { name: 'receiver_thread_id', type: 'string', on: 'log' },
  /** Absent when unknown. */
  agentType: { name: 'agent_type', type: 'string', on: 'log', absent: 'unknown' },
} as const;

/** Options of `agentCommunication`: a message between two agents. Its text is never recorded. */
export interface AgentCommunicationOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.agent_communication', {
  about: 'One agent wrote to another.',
  attributes,
});

/** `codex.agent_communication`: one agent wrote to another. */
export const agentCommunication: SessionEvent<AgentCommunicationOptions> = {
  definitions: [event],
  record: (recorder, options, context) => recorder.emit(event, options, {}, context),
};
