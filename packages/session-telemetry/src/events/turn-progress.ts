import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  turnId: { name: 'turn.id', type: 'string', on: 'log' },
  phase: {
    name: 'phase',
    type: 'string',
    on: 'log',
    values: ['user_wait', 'auto_review', 'tool', 'sampling', 'overhead'],
    about: 'the first of these that goes on',
  },
  /** Since the phase began. */
  phaseElapsedMillis: { name: 'phase_elapsed_ms', type: 'int', on: 'log', about: 'since the phase began' },
  /** Since the turn began. */
  elapsedMillis: { name: 'elapsed_ms', type: 'int', on: 'log', about: 'since the turn began' },
  inputTokens: { name: 'input_tokens_so_far', type: 'int', on: 'log', about: 'of the responses that are complete' },
  outputTokens: { name: 'output_tokens_so_far', type: 'int', on: 'log' },
  totalTokens: { name: 'total_tokens_so_far', type: 'int', on: 'log' },
  openToolCount: { name: 'open_tool_count', type: 'int', on: 'log', about: 'tool calls that run' },
  /** Their names. Absent when none runs. */
  openTools: {
    name: 'open_tools',
    type: 'string',
    on: 'log',
    absent: 'no tool runs',
    maxBytes: 1024,
    about: 'their names, separated by commas; cut to 1,024 bytes',
  },
} as const;

/** Options of `recordTurnProgress`: what an open turn is doing. */
export interface TurnProgressOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_progress', {
  about:
    'A turn is still open; at the interval of `openTurnIntervalMillis`, which is off by default. Codex has no such event.',
  attributes,
});

/** `codex.turn_progress`: a turn is still open, and what it is doing. Not an event of Codex. */
export const recordTurnProgress: SessionEvent<TurnProgressOptions> = {
  definitions: [event],
  isLogOnly: () => true,
  record: (recorder, options, context) => recorder.emit(event, options, {}, context),
};
