import type { TurnClock } from './turn-clock.ts';
import type { Sampling, TurnTimeline } from './turn-timeline.ts';

/** The request of a stream, until its answer begins. */
export class PendingRequest {
  readonly #timeline: TurnTimeline;
  readonly #clock: TurnClock;
  #sampling: Sampling | undefined;
  #at: number | undefined;

  /** @param at - When it was made, as far as is known. */
  constructor({ timeline, clock }: { readonly timeline: TurnTimeline; readonly clock: TurnClock }, at: number) {
    this.#timeline = timeline;
    this.#clock = clock;
    this.#at = at;
  }

  /** When it was made; `undefined` if no request is known. */
  get at(): number | undefined {
    return this.#at;
  }

  /** A request is made. It replaces one that was not answered. */
  made(at: number): void {
    this.withdraw();
    this.#at = at;
    this.#sampling = this.#timeline.samplingStarted(at);
  }

  /** Sets when it was made, once the answer has come. */
  told(at: number): void {
    this.#at = at;
  }

  /** The answer begins. It is possible that no request was reported. */
  answered(startedAt: number): Sampling {
    const sampling = this.#sampling ?? this.#timeline.samplingStarted(startedAt);
    this.#timeline.samplingAnswered(sampling, this.#at === undefined ? this.#clock.now() : undefined);
    this.#sampling = undefined;
    this.#at = undefined;
    return sampling;
  }

  /** The wait for the answer is given up. */
  abandon(at: number): void {
    if (this.#sampling !== undefined) this.#timeline.samplingEnded(this.#sampling, at, false);
  }

  /** Removes the request: it was not made for this stream. */
  withdraw(): void {
    this.#at = undefined;
    if (this.#sampling !== undefined) this.#timeline.samplingWithdrawn(this.#sampling);
    this.#sampling = undefined;
  }
}
