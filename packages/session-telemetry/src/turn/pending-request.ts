import type { TurnClock } from './turn-clock.ts';
import type { Sampling, TurnTimeline } from './turn-timeline.ts';

/** The request of a stream that no answer has begun to. */
export class PendingRequest {
  readonly #timeline: TurnTimeline;
  readonly #clock: TurnClock;
  #sampling: Sampling | undefined;
  #at: number | undefined;

  /** @param at - when it was made, as far as is known. */
  constructor({ timeline, clock }: { readonly timeline: TurnTimeline; readonly clock: TurnClock }, at: number) {
    this.#timeline = timeline;
    this.#clock = clock;
    this.#at = at;
  }

  /** When it was made; absent where none is known of. */
  get at(): number | undefined {
    return this.#at;
  }

  /** It is made now, and takes the place of one that nothing came of. */
  made(at: number): void {
    this.withdraw();
    this.#at = at;
    this.#sampling = this.#timeline.samplingStarted(at);
  }

  /** It was made at this moment, which nobody had told before the answer came. */
  told(at: number): void {
    this.#at = at;
  }

  /** The answer begins: it is pending no more. Nobody may have told when it was made, or that it was. */
  answered(startedAt: number): Sampling {
    const sampling = this.#sampling ?? this.#timeline.samplingStarted(startedAt);
    this.#timeline.samplingAnswered(sampling, this.#at === undefined ? this.#clock.now() : undefined);
    this.#sampling = undefined;
    this.#at = undefined;
    return sampling;
  }

  /** Nobody waits for the answer any more. */
  abandon(at: number): void {
    if (this.#sampling !== undefined) this.#timeline.samplingEnded(this.#sampling, at, false);
  }

  /** It was no request of this stream's. */
  withdraw(): void {
    this.#at = undefined;
    if (this.#sampling !== undefined) this.#timeline.samplingWithdrawn(this.#sampling);
    this.#sampling = undefined;
  }
}
