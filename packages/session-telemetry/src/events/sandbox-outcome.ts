import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { eventAlone } from '../session-event.ts';

const attributes = {
  /** The name of the tool. */
  toolName: { name: 'tool_name' },
  /** The id of the tool call. */
  callId: { name: 'call_id' },
  /** What the sandbox did, or why the run in it ended. */
  outcome: { name: 'outcome', values: ['denied', 'escalated', 'signal', 'timed_out'], open: true },
  /** Milliseconds of the run inside the sandbox. */
  initialDurationMillis: {
    name: 'initial_duration_ms',
    type: 'uint',
    about: 'whole ms; a number, unlike `duration_ms`',
  },
  /** Milliseconds of the run outside it. Absent if there was none. */
  escalatedDurationMillis: { name: 'escalated_duration_ms', type: 'uint', absent: 'not run again', about: 'whole ms' },
} as const;

/** Options of {@link SessionTelemetry.sandboxOutcome}. */
export interface SandboxOutcomeOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.sandbox_outcome', {
  on: 'both',
  about: 'The sandbox stopped a tool call, or the call ran again outside it. Recorded in addition to the tool result.',
  attributes,
});

export const sandboxOutcome: SessionEvent<SandboxOutcomeOptions> = eventAlone(event);
