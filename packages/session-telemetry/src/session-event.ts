import type { Context } from '@opentelemetry/api';
import type { EventDefinition } from './event-definition.ts';
import type { EventRecorder } from './event-recorder.ts';

/** One call of a session: what it makes, and how. Named in the registry, it is a method of `SessionTelemetry`. */
export interface SessionEvent<O> {
  /** The records that it makes; none where it is for metrics alone. */
  readonly definitions: readonly RecordDefinition[];
  readonly record: (recorder: EventRecorder, options: O, context: Context | undefined) => void;
  /** Whether a call with these options makes no span event: then nobody looks for a span. */
  readonly isLogOnly?: ((options: O) => boolean) | undefined;
}

/** A definition without the types of its attributes. */
export type RecordDefinition = Pick<
  EventDefinition,
  'name' | 'about' | 'plans' | 'logged' | 'traced' | 'common' | 'attributes' | 'alsoBy' | 'onlyWith'
>;
