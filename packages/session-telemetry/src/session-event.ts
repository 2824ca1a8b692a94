import type { Context } from '@opentelemetry/api';
import type {
  AttributeTable,
  ComputedValues,
  EventDefinition,
  EventOptions,
  NothingComputed,
} from './event-definition.ts';
import type { EventRecorder } from './event-recorder.ts';

/** What one recording method of `SessionTelemetry` does; `events/registry.ts` lists them by name. */
export interface SessionEvent<O> {
  /** The records it makes; empty if it only records metrics. */
  readonly definitions: readonly RecordDefinition[];
  readonly record: (recorder: EventRecorder, options: O, context: Context | undefined) => void;
  /** Whether a call with these options makes no span event, so that no span needs to be looked for. */
  readonly isLogOnly?: ((options: O) => boolean) | undefined;
}

/** A definition without the types of its attributes. */
export type RecordDefinition = Pick<
  EventDefinition,
  'name' | 'about' | 'plans' | 'logged' | 'traced' | 'common' | 'attributes' | 'alsoBy' | 'onlyWith'
>;

/** A method that records one event as it is defined, and nothing besides: no metric, no computed attribute. */
export function eventAlone<A extends AttributeTable>(
  event: EventDefinition<A> & NothingComputed<A>,
): SessionEvent<EventOptions<A>> {
  const computed = {} as ComputedValues<A>; // by NothingComputed there is none
  return {
    definitions: [event],
    record: (recorder, options, context) => recorder.emit<A>(event, options, computed, context),
  };
}
