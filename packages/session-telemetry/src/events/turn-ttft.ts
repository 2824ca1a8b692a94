import { codexMetricNames } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** Milliseconds from the start of the turn's task to its first token. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms from the start of the task' },
} as const;

/** Options of {@link SessionTelemetry.recordTurnTtft}. */
export interface TurnTtftOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_ttft', {
  on: 'both',
  about: 'The first token of a turn came. At most once for each turn.',
  attributes,
});

export const recordTurnTtft: SessionEvent<TurnTtftOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    recorder.duration(codexMetricNames.turnTtftDuration, property(options, 'durationMillis'), recorder.tags.session);
    recorder.emit(event, options, {}, context);
  },
};
