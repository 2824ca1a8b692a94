import type { Tags } from '@codex-otel/metrics';
import type { Attributes, Context } from '@opentelemetry/api';
import type { SessionMetadata, SessionTelemetry } from '../../src/index.ts';

/** One call and everything that it makes. Common attributes and session tags are added by the test. */
export interface EventCase {
  readonly title: string;
  readonly metadata?: Partial<SessionMetadata> | undefined;
  readonly record: (session: SessionTelemetry, context: Context) => unknown;
  /** The event's own attributes on the log record, in order; absent if none is made. */
  readonly log?: Attributes | undefined;
  /** Overrides the common attributes of the log record. */
  readonly logTail?: Attributes | undefined;
  /** The event's own attributes on the span event, in order; absent if none is made. */
  readonly trace?: Attributes | undefined;
  /** Overrides the common attributes of the span event. */
  readonly traceTail?: Attributes | undefined;
  /** The level of the span event. @defaultValue `INFO` */
  readonly level?: string | undefined;
  readonly metrics?: readonly (readonly [name: string, value: number, tags: Tags])[] | undefined;
}
