import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  toolName: { name: 'tool_name', type: 'string', on: 'both' },
  callId: { name: 'call_id', type: 'string', on: 'both' },
  outcome: {
    name: 'outcome',
    type: 'string',
    on: 'both',
    values: ['denied', 'escalated', 'signal', 'timed_out'],
    open: true,
  },
  /** Of the run inside the sandbox. */
  initialDurationMillis: {
    name: 'initial_duration_ms',
    type: 'uint',
    on: 'both',
    about: 'whole ms; a number, unlike `duration_ms`',
  },
  /** Of the run outside it; absent when there was none. */
  escalatedDurationMillis: {
    name: 'escalated_duration_ms',
    type: 'uint',
    on: 'both',
    absent: 'not run again',
    about: 'whole ms',
  },
} as const;

/** Options of `sandboxOutcome`: what the sandbox did to a tool call. */
export interface SandboxOutcomeOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.sandbox_outcome', {
  about: 'The sandbox stopped a tool call, or let it run again outside. Comes beside the tool result.',
  attributes,
});

/** `codex.sandbox_outcome`: the sandbox stopped a tool call, or let it run again outside. No metric. */
export const sandboxOutcome: SessionEvent<SandboxOutcomeOptions> = {
  definitions: [event],
  record: (recorder, options, context) => recorder.emit(event, options, {}, context),
};
