import { STARTUP_PHASE_DURATION_METRIC, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `recordStartupPhase`: one phase of starting up. */
export interface StartupPhaseOptions {
  /** E.g. `thread_start_total`, `startup_prewarm_resolve`. */
  readonly startupPhase: string;
  /** E.g. `ready`, `cancelled`, `timed_out`; absent when the phase has none. */
  readonly startupStatus?: string | undefined;
  readonly durationMillis: number;
}

export const startupPhaseEvent: EventDefinition = {
  name: 'codex.startup_phase',
  method: 'recordStartupPhase',
  about: 'A phase of starting up ended.',
  signals: 'both',
  attributes: [
    { name: 'startup.phase', type: 'string', on: 'both' },
    { name: 'startup.status', type: 'string', on: 'both', absent: 'no status' },
    { name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms' },
  ],
};

export function recordStartupPhase(
  recorder: EventRecorder,
  options: StartupPhaseOptions,
  context: Context | undefined,
): void {
  const phase = property(options, 'startupPhase');
  const status = property(options, 'startupStatus');
  const tags = recorder.tags.with({
    phase: sanitizeMetricTagValue(typeof phase === 'string' ? phase : ''),
    ...(typeof status === 'string' ? { status: sanitizeMetricTagValue(status) } : {}),
  });
  recorder.duration(STARTUP_PHASE_DURATION_METRIC, property(options, 'durationMillis'), tags);
  recorder.emit(startupPhaseEvent, options, {}, context);
}
