import type { Tags } from '@codex-otel/metrics';
import { sanitizeMetricTagValue } from '@codex-otel/metrics';
import { textProperty } from './property.ts';

/** An option as the value of a metric tag. */
export function tagOf(options: object, option: string): string {
  return sanitizeMetricTagValue(textProperty(options, option) ?? '');
}

/** How many tag sets are kept. Only a peer that invents event kinds needs more. */
const maxKept = 512;

/** The tag sets of a success and of a failure. */
export interface Outcomes {
  readonly succeeded: Tags;
  readonly failed: Tags;
}

/**
 * The tag sets of one session. They are frozen and kept, since metrics clients recognise a set by its identity: building a
 * new set for each event costs many times as much.
 */
export class SessionTags {
  /** The session's own tags. */
  readonly session: Tags;
  readonly #byKind = new Map<string, Outcomes>();
  readonly #byTags = new WeakMap<Tags, Tags>();

  constructor(session: Tags) {
    this.session = Object.freeze({ ...session });
  }

  /** `kind` and `success`, then the session's tags. */
  ofKind(kind: string): Outcomes {
    const known = this.#byKind.get(kind);
    if (known !== undefined) return known;
    const tag = sanitizeMetricTagValue(kind);
    const made = {
      succeeded: this.with({ kind: tag, success: 'true' }),
      failed: this.with({ kind: tag, success: 'false' }),
    };
    if (this.#byKind.size >= maxKept) this.#byKind.clear();
    this.#byKind.set(kind, made);
    return made;
  }

  /** The session's tags and the given ones, which win. */
  with(tags: Tags | undefined): Tags {
    if (tags === undefined) return this.session;
    const known = this.#byTags.get(tags);
    if (known !== undefined) return known;
    const made = Object.freeze({ ...this.session, ...tags });
    // An object that is not frozen may hold other tags the next time.
    if (Object.isFrozen(tags)) this.#byTags.set(tags, made);
    return made;
  }
}
