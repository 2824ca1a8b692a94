import type { SendResult } from '@codex-otel/metrics/otlp';
import { backoffMillis } from './backoff.ts';
import type { Batch } from './item-queue.ts';

/** A batch that breaks off so often while others pass is taken for the reason. */
const LAST_STRIKE = 3;
/** The same for one that breaks off so often in a row, if others passed since its first failure: none may be left by now. */
const LAST_BREAK = 6;
/** So many refusals without one delivery are about everything that is sent, and no longer about a batch. */
const BARREN_REFUSALS = 200;

/** What speaks against a batch that came back. */
export interface Trouble {
  /** How often it came back, or a batch that it is a part of. */
  readonly failures: number;
  /** How often in a row its exchange broke off. */
  readonly breaks: number;
  /** How often it did while other batches passed. */
  readonly strikes: number;
  /** How many batches had been delivered when it first came back. */
  readonly deliveriesAtFirst: number;
  /** How many when it last came back. */
  readonly deliveriesBefore: number;
  /** When it may go again. */
  readonly retryAt: number;
}

/** Whose fault it is that a batch came back. */
export type Verdict =
  /** The collector's: nobody need try for a while. */
  | { readonly kind: 'collector'; readonly trouble: Trouble }
  /** The batch's own, as far as is known: others may go on. */
  | { readonly kind: 'batch'; readonly trouble: Trouble }
  /** The batch's own: its halves may pass. */
  | { readonly kind: 'divide' }
  /** The batch's own, for good. */
  | { readonly kind: 'hopeless' };

/**
 * Tells a collector in trouble from a batch that can never pass. Only the server's answer about a batch counts against
 * it, and an exchange that breaks off again while others pass; a server that is away, busy or broken never does.
 */
export class BatchBlame {
  readonly #random: () => number;
  #deliveries = 0;
  #barrenRefusals = 0;
  /** The batch that broke off since the last delivery, if it was only one. */
  #lastBroken: string | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  delivered(): void {
    this.#deliveries += 1;
    this.#barrenRefusals = 0;
    this.#lastBroken = undefined;
  }

  /** @returns whether the refusal may be about a part of the batch only */
  refused(): boolean {
    this.#barrenRefusals += 1;
    return this.#barrenRefusals <= BARREN_REFUSALS;
  }

  cameBack(
    batch: Pick<Batch<unknown>, 'id' | 'trouble'>,
    { brokenOff, retryAfterMillis }: Extract<SendResult, { kind: 'retryable' }>,
    now: number,
    isDivisible: boolean,
  ): Verdict {
    const { trouble: before } = batch;
    const othersPassed = before !== undefined && this.#deliveries > before.deliveriesBefore;
    const breaks = brokenOff === undefined ? 0 : (before?.breaks ?? 0) + 1;
    const strikes = (before?.strikes ?? 0) + (othersPassed && breaks > 1 ? 1 : 0);
    const wasCut = brokenOff === 'reset';
    if (isDivisible && breaks > 1 && (wasCut || othersPassed)) return { kind: 'divide' };
    const deliveriesAtFirst = before?.deliveriesAtFirst ?? this.#deliveries;
    const isLastBreak = breaks >= LAST_BREAK && this.#deliveries > deliveriesAtFirst;
    if (wasCut && (strikes >= LAST_STRIKE || isLastBreak)) return { kind: 'hopeless' };
    const failures = (before?.failures ?? 0) + 1;
    const deliveriesBefore = this.#deliveries;
    const trouble = { failures, breaks, strikes, deliveriesAtFirst, deliveriesBefore, retryAt: now };
    const isFirstBreak = wasCut && (this.#lastBroken ?? batch.id) === batch.id;
    if (wasCut) this.#lastBroken = batch.id;
    if (retryAfterMillis !== undefined || !(othersPassed || isFirstBreak)) return { kind: 'collector', trouble };
    return { kind: 'batch', trouble: { ...trouble, retryAt: now + backoffMillis(failures, this.#random) } };
  }

  /** What a half of a batch begins with: it goes behind those that never failed. */
  troubleOfHalf<Item>({ trouble }: Batch<Item>, now: number): Trouble {
    const failures = (trouble?.failures ?? 0) + 1;
    const deliveriesBefore = this.#deliveries;
    return {
      failures,
      breaks: 0,
      strikes: 0,
      deliveriesAtFirst: deliveriesBefore,
      deliveriesBefore,
      retryAt: now,
    };
  }
}
