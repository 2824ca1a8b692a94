import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { eventAlone } from '../session-event.ts';

const attributes = {
  /** The turn. */
  turnId: { name: 'turn.id' },
  /** What the turn is doing; if it does several things, the first in this list. */
  phase: {
    name: 'phase',
    values: ['user_wait', 'auto_review', 'tool', 'sampling', 'overhead'],
    about: 'if it does several things, the first in this list',
  },
  /** Milliseconds since the phase began. */
  phaseElapsedMillis: { name: 'phase_elapsed_ms', type: 'int', about: 'since the phase began' },
  /** Milliseconds since the turn began. */
  elapsedMillis: { name: 'elapsed_ms', type: 'int', about: 'since the turn began' },
  /** Input tokens of the responses that are complete. */
  inputTokens: { name: 'input_tokens_so_far', type: 'int', about: 'of complete responses' },
  /** Output tokens of the responses that are complete. */
  outputTokens: { name: 'output_tokens_so_far', type: 'int' },
  /** Total tokens of the responses that are complete. */
  totalTokens: { name: 'total_tokens_so_far', type: 'int' },
  /** Number of running tool calls. */
  openToolCount: { name: 'open_tool_count', type: 'int', about: 'running tool calls' },
  /** Names of the running tools, separated by commas. Absent if none is running. */
  openTools: {
    name: 'open_tools',
    absent: 'no tool is running',
    maxBytes: 1024,
    about: 'their names, separated by commas; truncated to 1,024 bytes',
  },
} as const;

/** Options of {@link SessionTelemetry.recordTurnProgress}: what an open turn is doing. */
export interface TurnProgressOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_progress', {
  on: 'log',
  about:
    'A turn is still open. Recorded every `openTurnIntervalMillis`, which is off by default. Codex has no such event.',
  attributes,
});

export const recordTurnProgress: SessionEvent<TurnProgressOptions> = {
  ...eventAlone(event),
  isLogOnly: () => true,
};
