import { TURN_TTFT_DURATION_METRIC } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `recordTurnTtft`. */
export interface TurnTtftOptions {
  /** From the start of the turn's task to its first token. */
  readonly durationMillis: number;
}

export const turnTtftEvent: EventDefinition = {
  name: 'codex.turn_ttft',
  method: 'recordTurnTtft',
  about: 'The first token of a turn came; at most once for each turn.',
  signals: 'both',
  attributes: [{ name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms from the start of the task' }],
};

export function recordTurnTtft(recorder: EventRecorder, options: TurnTtftOptions, context: Context | undefined): void {
  recorder.duration(TURN_TTFT_DURATION_METRIC, property(options, 'durationMillis'), recorder.tags.session);
  recorder.emit(turnTtftEvent, options, {}, context);
}
