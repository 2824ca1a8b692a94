import type { SendResult } from '@codex-otel/metrics/otlp';
import { backoffMillis } from './backoff.ts';
import type { Batch } from './item-queue.ts';

/** After this many broken exchanges while other batches pass, the batch itself counts as the cause. */
const LAST_STRIKE = 3;
/**
 * The same after this many broken exchanges in a row, if other batches passed since its first failure: by now it may be
 * the only batch.
 */
const LAST_BREAK = 6;
/** After this many refusals without a delivery, the collector refuses everything, not just single batches. */
const BARREN_REFUSALS = 200;

/** The failures of a batch. */
export interface Trouble {
  /** How often it failed, or the batch that it is a part of. */
  readonly failures: number;
  /** How often in a row its exchange was broken off. */
  readonly breaks: number;
  /** How often it was broken off while other batches passed. */
  readonly strikes: number;
  /** How many batches had been delivered at its first failure. */
  readonly deliveriesAtFirst: number;
  /** How many at its last failure. */
  readonly deliveriesBefore: number;
  /** When it may be tried again. */
  readonly retryAt: number;
}

/** Why a batch failed. */
export type Verdict =
  /** The collector: no batch is tried for a while. */
  | { readonly kind: 'collector'; readonly trouble: Trouble }
  /** Probably the batch: others are tried. */
  | { readonly kind: 'batch'; readonly trouble: Trouble }
  /** The batch: its halves may pass. */
  | { readonly kind: 'divide' }
  /** The batch: it will never pass. */
  | { readonly kind: 'hopeless' };

/**
 * Distinguishes a failing collector from a batch that can never pass. Only two things count against a batch: an answer
 * that refuses it, and an exchange that is broken off again while others pass. A server that is unreachable, busy or
 * broken never counts against it.
 */
export class BatchBlame {
  readonly #random: () => number;
  #deliveries = 0;
  #barrenRefusals = 0;
  /** The batch that was broken off since the last delivery. */
  #lastBroken: string | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  delivered(): void {
    this.#deliveries += 1;
    this.#barrenRefusals = 0;
    this.#lastBroken = undefined;
  }

  /** @returns whether a part of the refused batch may pass */
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

  /** The initial failures of a half of a batch; it is tried after batches that never failed. */
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
