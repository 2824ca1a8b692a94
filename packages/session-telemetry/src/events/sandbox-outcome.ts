import type { Context } from '@opentelemetry/api';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `sandboxOutcome`: what the sandbox did to a tool call. */
export interface SandboxOutcomeOptions {
  readonly toolName: string;
  readonly callId: string;
  readonly outcome: 'denied' | 'escalated' | 'signal' | 'timed_out' | (string & {});
  /** Of the run inside the sandbox. */
  readonly initialDurationMillis: number;
  /** Of the run outside it; absent when there was none. */
  readonly escalatedDurationMillis?: number | undefined;
}

export const sandboxOutcomeEvent: EventDefinition = {
  name: 'codex.sandbox_outcome',
  method: 'sandboxOutcome',
  about: 'The sandbox stopped a tool call, or let it run again outside. Comes beside the tool result.',
  signals: 'both',
  attributes: [
    { name: 'tool_name', type: 'string', on: 'both' },
    { name: 'call_id', type: 'string', on: 'both' },
    { name: 'outcome', type: 'string', on: 'both', about: '`denied`, `escalated`, `signal`, `timed_out`' },
    { name: 'initial_duration_ms', type: 'int', on: 'both', about: 'whole ms; a number, unlike `duration_ms`' },
    { name: 'escalated_duration_ms', type: 'int', on: 'both', absent: 'not run again', about: 'whole ms' },
  ],
};

export function sandboxOutcome(
  recorder: EventRecorder,
  options: SandboxOutcomeOptions,
  context: Context | undefined,
): void {
  recorder.emit(sandboxOutcomeEvent, options, {}, context);
}
