import { codexMetricNames } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property, textProperty } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import { tagOf } from '../session-tags.ts';

const attributes = {
  /** The phase, e.g. `thread_start_total`, `startup_prewarm_resolve`. */
  startupPhase: { name: 'startup.phase' },
  /** How the phase ended, e.g. `ready`, `cancelled`, `timed_out`. Absent if it has no status. */
  startupStatus: { name: 'startup.status', absent: 'no status' },
  /** Milliseconds that the phase took. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms' },
} as const;

/** Options of {@link SessionTelemetry.recordStartupPhase}. */
export interface StartupPhaseOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.startup_phase', { on: 'both', about: 'A phase of starting up ended.', attributes });

export const recordStartupPhase: SessionEvent<StartupPhaseOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const hasStatus = textProperty(options, 'startupStatus') !== undefined;
    const tags = recorder.tags.with({
      phase: tagOf(options, 'startupPhase'),
      ...(hasStatus && { status: tagOf(options, 'startupStatus') }),
    });
    recorder.duration(codexMetricNames.startupPhaseDuration, property(options, 'durationMillis'), tags);
    recorder.emit(event, options, {}, context);
  },
};
