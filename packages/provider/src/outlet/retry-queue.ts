import type { Batch } from './item-queue.ts';

/** Batches to retry. Those that failed least often come first, of these the oldest. */
export class RetryQueue<Item> {
  #batches: Batch<Item>[] = [];

  get length(): number {
    return this.#batches.length;
  }

  /** Oldest first. */
  get all(): readonly Batch<Item>[] {
    return this.#batches;
  }

  add(batch: Batch<Item>): void {
    const { firstPlace } = batch;
    let at = this.#batches.length;
    while (at > 0 && (this.#batches[at - 1]?.firstPlace ?? 0) > firstPlace) at -= 1;
    this.#batches.splice(at, 0, batch);
  }

  /** The next batch whose retry is due. */
  take(now: number): Batch<Item> | undefined {
    let best: Batch<Item> | undefined;
    for (const batch of this.#batches) {
      if (retryAtOf(batch) <= now && (best === undefined || failuresOf(batch) < failuresOf(best))) best = batch;
    }
    if (best !== undefined) this.#batches.splice(this.#batches.indexOf(best), 1);
    return best;
  }

  /** When the next retry is due; infinite if there is none. */
  nextRetryAt(): number {
    return this.#batches.reduce((earliest, batch) => Math.min(earliest, retryAtOf(batch)), Number.POSITIVE_INFINITY);
  }

  /** Makes retries due now, because a flush is waiting, except for batches that failed while others passed. */
  hurry(now: number): void {
    this.#batches = this.#batches.map((batch) => {
      const { trouble } = batch;
      return trouble === undefined || trouble.strikes > 0 ? batch : { ...batch, trouble: { ...trouble, retryAt: now } };
    });
  }

  /** Takes out all batches, oldest first. */
  clear(): Batch<Item>[] {
    const batches = this.#batches;
    this.#batches = [];
    return batches;
  }
}

function failuresOf<Item>({ trouble }: Batch<Item>): number {
  return trouble?.failures ?? 0;
}

function retryAtOf<Item>({ trouble }: Batch<Item>): number {
  return trouble?.retryAt ?? 0;
}
