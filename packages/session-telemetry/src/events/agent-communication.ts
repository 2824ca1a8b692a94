import type { Context } from '@opentelemetry/api';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `agentCommunication`: a message between two agents. Its text is never recorded. */
export interface AgentCommunicationOptions {
  readonly kind: 'spawn' | 'followup' | (string & {});
  readonly state: 'send' | (string & {});
  /** The conversation that it comes from. */
  readonly senderThreadId: string;
  /** The conversation that it goes to. */
  readonly receiverThreadId: string;
  /** Absent when unknown. */
  readonly agentType?: string | undefined;
}

export const agentCommunicationEvent: EventDefinition = {
  name: 'codex.agent_communication',
  method: 'agentCommunication',
  about: 'One agent wrote to another.',
  signals: 'log',
  attributes: [
    { name: 'kind', type: 'string', on: 'log', about: 'e.g. `spawn`, `followup`' },
    { name: 'state', type: 'string', on: 'log', about: 'e.g. `send`' },
    { name: 'sender_thread_id', type: 'string', on: 'log' },
    { name: 'receiver_thread_id', type: 'string', on: 'log' },
    { name: 'agent_type', type: 'string', on: 'log', absent: 'unknown' },
  ],
};

export function agentCommunication(
  recorder: EventRecorder,
  options: AgentCommunicationOptions,
  context: Context | undefined,
): void {
  recorder.emit(agentCommunicationEvent, options, {}, context);
}
