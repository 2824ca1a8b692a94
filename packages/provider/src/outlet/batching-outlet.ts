import { errorReason } from '@codex-otel/config';
import type { BatchSending, OutletHalves } from './batch-sending.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { processClock, timerMillis } from './clock.ts';
import { FlushWaiters } from './flush-waiters.ts';
import type { Batch } from './item-queue.ts';
import { ItemQueue } from './item-queue.ts';
import { OutcomeLog } from './outcome-log.ts';
import type { FlushOptions, HeldBatch, Outlet, OutletOptions, SignalStats } from './outlet.ts';
import { OutletTally } from './outlet-tally.ts';

const FLUSH_TIMEOUT_MILLIS = 2000;
/** How long to wait after a failure to load the sending half. */
const LOAD_AGAIN_MILLIS = 5000;
/** The place of batches that come from an earlier outlet. */
const BEFORE_ALL = -1;

/**
 * Creates an outlet that collects items into batches and sends several of them concurrently.
 *
 * @param loadSending - loads the half that sends, with the first batch, so that a start need not wait for it.
 * @defaultValue the module beside this one
 */
export function createOutlet<Item>(
  options: OutletOptions<Item>,
  loadSending: () => Promise<typeof BatchSending> = besideThis,
): Outlet<Item> {
  return new BatchingOutlet(options, loadSending);
}

/** The half of an outlet that holds items: everything that a start and an exit need. */
class BatchingOutlet<Item> implements Outlet<Item> {
  readonly #options: OutletOptions<Item>;
  readonly #clock: Clock;
  readonly #log: OutcomeLog;
  readonly #queue: ItemQueue<Item>;
  readonly #countOf: (item: Item) => number;
  readonly #waiters: FlushWaiters;
  readonly #tally = new OutletTally();
  readonly #loadSending: () => Promise<typeof BatchSending>;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #delayTimer: ClockTimer | undefined;
  #sending: BatchSending<Item> | undefined;
  #isLoading = false;
  /** Batches outside the queue while there is no sending half: those of an earlier outlet, or those left at the end. */
  #kept: Batch<Item>[] = [];
  /** Items before this place are due when the sending half has loaded. */
  #duePlace = 0;

  constructor(options: OutletOptions<Item>, loadSending: () => Promise<typeof BatchSending>) {
    this.#options = options;
    this.#clock = options.clock ?? processClock;
    this.#waiters = new FlushWaiters(this.#clock);
    this.#log = new OutcomeLog(options.signal, options.onReport);
    this.#countOf = options.countOf ?? (() => 1);
    this.#queue = new ItemQueue(this.#countOf);
    this.#loadSending = loadSending;
  }

  push(item: Item): void {
    let count = 1;
    try {
      count = this.#countOf(item);
      if (this.#state !== 'open') this.#drop(count, 'telemetry is shut down');
      else this.#enqueue(item, this.#options.sizeOf(item), count);
    } catch {
      // An item that cannot be measured could not be sent either.
      this.#drop(count, 'an item could not be read');
    }
  }

  restore({ id, items }: HeldBatch<Item>): void {
    const bytes = items.reduce((sum, item) => sum + this.#options.sizeOf(item), 0);
    const count = this.#countAll(items);
    this.#tally.hold({ bytes, count });
    const batch = { id, items, bytes, count, firstPlace: BEFORE_ALL };
    if (this.#sending !== undefined) {
      this.#sending.restore(batch);
    } else {
      this.#kept.push(batch);
      this.#load();
    }
  }

  lose(reason: string): void {
    this.#drop(1, reason);
  }

  async forceFlush(options: FlushOptions = {}): Promise<void> {
    if (this.#state === 'closed') return;
    await this.#settled(options);
  }

  async shutdown(options: FlushOptions = {}): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    await this.#settled(options);
    this.#close();
  }

  drain(): readonly HeldBatch<Item>[] {
    const { limits, isImportant = () => false } = this.#options;
    this.#close();
    const tried = this.#kept.splice(0).map((batch) => ({
      ...batch,
      ...(batch.items.some(isImportant) && { isImportant: true }),
    }));
    const batches = [...tried, ...this.#queue.takeAll(limits.maxBatchItems, limits.maxBatchBytes, isImportant)];
    this.#tally.heldBytes = 0;
    this.#tally.heldCount = 0;
    for (const batch of batches) this.#tally.handedOver += batch.count;
    return batches;
  }

  recordLost(items: readonly Item[]): number {
    const lost = this.#countAll(items);
    this.#tally.handedOver -= lost;
    this.#tally.dropped += lost;
    return lost;
  }

  stats(): SignalStats {
    return this.#tally.stats(this.#queue.count);
  }

  #enqueue(item: Item, bytes: number, count: number): void {
    const { maxBatchItems, maxBatchBytes, scheduledDelayMillis } = this.#options.limits;
    if (!this.#fits(count, bytes)) {
      this.#drop(count, 'the queue is full');
      return;
    }
    this.#queue.push(item, bytes, count);
    if (this.#queue.length >= maxBatchItems || this.#queue.bytes >= maxBatchBytes) {
      if (this.#sending === undefined) this.#load();
      else this.#sending.sendFull();
    } else if (this.#delayTimer === undefined) {
      this.#delayTimer = this.#clock.after(timerMillis(scheduledDelayMillis), () => {
        this.#delayTimer = undefined;
        this.#duePlace = this.#queue.endPlace;
        if (this.#sending === undefined) this.#load();
        else this.#sending.send(this.#duePlace);
      });
    }
  }

  #fits(count: number, bytes: number): boolean {
    const { maxQueueItems, maxQueueBytes } = this.#options.limits;
    const held = this.#queue.count + this.#tally.heldCount;
    // A collection of metrics with more points than the queue allows may pass if it is alone.
    if (held > 0 && held + count > maxQueueItems) return false;
    return this.#queue.bytes + this.#tally.heldBytes + bytes <= maxQueueBytes;
  }

  #countAll(items: readonly Item[]): number {
    return items.reduce((count, item) => count + this.#countOf(item), 0);
  }

  #drop(count: number, reason: string): void {
    this.#tally.dropped += count;
    this.#log.dropped(count, reason);
  }

  #halves(): OutletHalves<Item> {
    const [options, clock, queue, tally] = [this.#options, this.#clock, this.#queue, this.#tally];
    return { options, clock, queue, tally, log: this.#log, waiters: this.#waiters, reasonOf: errorReason };
  }

  /** Loads the sending half, unless that is under way. Until then, items stay in the queue. */
  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    this.#loadSending().then(
      (Sending) => this.#start(new Sending(this.#halves())),
      (error: unknown) => this.#loadAgain(errorReason(error)),
    );
  }

  #start(sending: BatchSending<Item>): void {
    if (this.#state === 'closed') return;
    this.#sending = sending;
    for (const batch of this.#kept.splice(0)) sending.restore(batch);
    sending.send(this.#duePlace);
  }

  #loadAgain(reason: string): void {
    if (this.#state === 'closed') return;
    this.#log.retrying(this.stats().queued, reason, LOAD_AGAIN_MILLIS);
    this.#delayTimer?.cancel();
    this.#delayTimer = this.#clock.after(LOAD_AGAIN_MILLIS, () => {
      this.#delayTimer = undefined;
      this.#isLoading = false;
      this.#load();
    });
    this.#waiters.settle(this.#queue.headPlace, true);
  }

  #settled({ timeoutMillis = FLUSH_TIMEOUT_MILLIS, retry = true }: FlushOptions): Promise<void> {
    const place = this.#queue.endPlace;
    if (this.#firstUnsettled() >= place) return Promise.resolve();
    this.#duePlace = place;
    const settled = this.#waiters.wait(place, timerMillis(timeoutMillis), retry);
    if (this.#sending === undefined) this.#load();
    else this.#sending.hurry(place);
    return settled;
  }

  /** The place of the oldest item that is still held, or else of the next item. */
  #firstUnsettled(): number {
    return this.#sending?.firstUnsettled() ?? this.#kept[0]?.firstPlace ?? this.#queue.headPlace;
  }

  /** Abandons the collector. What it has not acknowledged is kept. */
  #close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#delayTimer?.cancel();
    if (this.#sending !== undefined) this.#kept = [...this.#sending.close()];
    this.#waiters.settle(Number.POSITIVE_INFINITY, true);
  }
}

async function besideThis(): Promise<typeof BatchSending> {
  const { BatchSending } = await import('./batch-sending.ts');
  return BatchSending;
}
