import type { OtelSignal } from '@codex-otel/config';
import type { OutletReport } from './outlet-report.ts';

/** How many reasons are remembered; each batch may have another one. */
const REMEMBERED_REFUSALS = 20;

/** Reports what happens to batches, and marks the reports that are news. */
export class OutcomeLog {
  readonly #signal: OtelSignal;
  readonly #onReport: (report: OutletReport) => void;
  /** The failure of the last export; empty after a delivery. */
  #trouble = '';
  /** The last reason for which the collector rejected items of an accepted batch. */
  #rejection: string | undefined;
  /** The last reason for which items could not be encoded. */
  #unencoded: string | undefined;
  /** Reasons for which single batches failed while others passed. */
  readonly #refusals = new Set<string>();
  #droppedSinceDelivery = 0;

  constructor(signal: OtelSignal, onReport: (report: OutletReport) => void = () => {}) {
    this.#signal = signal;
    this.#onReport = onReport;
  }

  /** @param roomy - whether the queue has room again, so that a later drop is reported */
  delivered(items: number, elapsedMillis: number, roomy: boolean): void {
    const recovered = this.#trouble !== '' || (this.#droppedSinceDelivery > 0 && roomy);
    this.#trouble = '';
    this.#report({ kind: 'exported', items, elapsedMillis, changed: false });
    if (!recovered) return;
    const dropped = this.#droppedSinceDelivery;
    this.#droppedSinceDelivery = 0;
    this.#report({ kind: 'recovered', items: dropped, changed: true });
  }

  rejected(items: number, reason: string): void {
    this.#report({ kind: 'rejected', items, reason, changed: reason !== this.#rejection });
    this.#rejection = reason;
  }

  unencoded(items: number, reason: string): void {
    this.#report({ kind: 'unencoded', items, reason, changed: reason !== this.#unencoded });
    this.#unencoded = reason;
  }

  retrying(items: number, reason: string, delayMillis: number): void {
    this.#report({ kind: 'retrying', items, reason, delayMillis, changed: this.#isNews(`retrying: ${reason}`) });
  }

  failed(items: number, reason: string): void {
    this.#report({ kind: 'failed', items, reason, changed: this.#isNews(`failed: ${reason}`) });
  }

  /** A batch cannot pass as a whole and is divided. */
  divided(items: number, reason: string): void {
    this.#report({ kind: 'divided', items, reason, changed: this.#isNewRefusal(`divided: ${reason}`) });
  }

  /** A batch cannot pass; others may. */
  hopeless(items: number, reason: string): void {
    this.#report({ kind: 'failed', items, reason, changed: this.#isNewRefusal(`failed: ${reason}`) });
  }

  dropped(items: number, reason: string): void {
    const first = this.#droppedSinceDelivery === 0;
    this.#droppedSinceDelivery += items;
    // One line for each outage; the sum is reported when exports recover.
    if (first) this.#report({ kind: 'dropping', items: this.#droppedSinceDelivery, reason, changed: true });
  }

  #isNews(trouble: string): boolean {
    const news = trouble !== this.#trouble;
    this.#trouble = trouble;
    return news;
  }

  #isNewRefusal(refusal: string): boolean {
    const news = !this.#refusals.has(refusal);
    this.#refusals.add(refusal);
    if (this.#refusals.size > REMEMBERED_REFUSALS) this.#refusals.clear();
    return news;
  }

  #report(report: DistributiveOmit<OutletReport, 'signal'>): void {
    try {
      this.#onReport({ ...report, signal: this.#signal });
    } catch {
      // An error of a listener must not stop exports.
    }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
