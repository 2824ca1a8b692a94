import type { Tags } from '@codex-otel/metrics';
import { sanitizeMetricTagValue } from '@codex-otel/metrics';

/** Tag sets that are kept; more come only from a peer that invents event kinds. */
const maxKept = 512;

/** Whether a counted thing went well, as a tag. */
export interface Outcomes {
  readonly succeeded: Tags;
  readonly failed: Tags;
}

/**
 * The tag sets of one session, frozen and kept: metrics clients recognise a set by its identity, so a set that is
 * built anew for each event costs many times as much.
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

  /** The session's tags and these, which win. */
  with(tags: Tags | undefined): Tags {
    if (tags === undefined) return this.session;
    const known = this.#byTags.get(tags);
    if (known !== undefined) return known;
    const made = Object.freeze({ ...this.session, ...tags });
    // An object that can still change may stand for other tags the next time.
    if (Object.isFrozen(tags)) this.#byTags.set(tags, made);
    return made;
  }
}
