import type { SendResult } from '@codex-otel/metrics/otlp';
import type { Batch } from './item-queue.ts';
import type { SignalStats } from './outlet.ts';

type Delivery = Extract<SendResult, { kind: 'delivered' }>;

/** Counts the outcomes of an outlet's items, and the batches that have left its queue. */
export class OutletTally {
  heldBytes = 0;
  heldCount = 0;
  handedOver = 0;
  dropped = 0;
  failed = 0;
  #exported = 0;

  hold({ bytes, count }: Pick<Batch<unknown>, 'bytes' | 'count'>): void {
    this.heldBytes += bytes;
    this.heldCount += count;
  }

  release({ bytes, count }: Pick<Batch<unknown>, 'bytes' | 'count'>): void {
    this.heldBytes -= bytes;
    this.heldCount -= count;
  }

  /** A batch was accepted, except for rejected and unencodable items. A collector's number is not trusted. */
  delivered(
    { count }: Pick<Batch<unknown>, 'count'>,
    { rejectedItems = 0, unencoded: left }: Delivery,
  ): DeliveredItems {
    const unencoded = Math.min(left?.items ?? 0, count);
    const rejected = Math.min(Math.max(rejectedItems, 0), count - unencoded);
    const exported = count - rejected - unencoded;
    this.#exported += exported;
    this.failed += rejected + unencoded;
    return { exported, rejected, unencoded };
  }

  /** @param waiting - items in the queue */
  stats(waiting: number): SignalStats {
    const { heldCount, handedOver, dropped, failed } = this;
    return { queued: waiting + heldCount, exported: this.#exported, handedOver, dropped, failed };
  }
}

/** The items of an accepted batch. */
interface DeliveredItems {
  readonly exported: number;
  readonly rejected: number;
  readonly unencoded: number;
}
