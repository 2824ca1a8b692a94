import { isNativeError } from 'node:util/types';
import type { Sender, SendOptions, SendResult } from '../transport/sender.ts';
import { Circuit } from './circuit.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { processClock } from './clock.ts';
import type { Batch } from './item-queue.ts';
import { ItemQueue } from './item-queue.ts';
import { OutcomeLog } from './outcome-log.ts';
import type { FlushOptions, HeldBatch, Outlet, OutletOptions, SignalStats, SpillResult } from './outlet.ts';

const FLUSH_TIMEOUT_MILLIS = 2000;
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** A batch on its way to the collector. */
interface Export<Item> {
  readonly batch: Batch<Item>;
  readonly startedAt: number;
  /** Of the circuit. */
  readonly round: number;
  readonly controller: AbortController;
  readonly deadline: ClockTimer;
}

/** Somebody who waits until everything before `place` is settled. */
interface Waiter {
  readonly place: number;
  readonly retry: boolean;
  settle(): void;
}

/** An outlet that gathers items into batches and has several of them under way side by side. */
export function createOutlet<Item>(options: OutletOptions<Item>): Outlet<Item> {
  return new BatchingOutlet(options);
}

class BatchingOutlet<Item> implements Outlet<Item> {
  readonly #options: OutletOptions<Item>;
  readonly #clock: Clock;
  readonly #circuit: Circuit;
  readonly #log: OutcomeLog;
  readonly #queue: ItemQueue<Item>;
  readonly #countOf: (item: Item) => number;
  readonly #underWay = new Set<Export<Item>>();
  readonly #waiters = new Set<Waiter>();
  /** Batches that the collector could not take, oldest first. */
  #returned: Batch<Item>[] = [];
  /** Batches on their way into the spool. */
  readonly #spilling = new Set<Batch<Item>>();
  /** Everything before this place goes without waiting for its batch to fill. */
  #duePlace = 0;
  /** Of the batches that left the queue. */
  #heldBytes = 0;
  #heldCount = 0;
  #exported = 0;
  #handedOver = 0;
  #dropped = 0;
  #failed = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #sender: Promise<Sender<Item>> | undefined;
  #delayTimer: ClockTimer | undefined;
  #retryTimer: ClockTimer | undefined;
  #pumpComes = false;

  constructor(options: OutletOptions<Item>) {
    this.#options = options;
    this.#clock = options.clock ?? processClock;
    this.#circuit = new Circuit(options.random ?? Math.random);
    this.#log = new OutcomeLog(options.signal, options.onReport);
    this.#countOf = options.countOf ?? (() => 1);
    this.#queue = new ItemQueue(this.#countOf);
  }

  push(item: Item): void {
    let count = 1;
    try {
      count = this.#countOf(item);
      if (this.#state !== 'open') this.#drop(count, 'telemetry is shut down');
      else this.#enqueue(item, this.#options.sizeOf(item), count);
    } catch {
      // An item that cannot even be measured could not be sent.
      this.#drop(count, 'an item could not be read');
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
    this.#close();
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    const batches = this.#returned;
    this.#returned = [];
    for (let rest = this.#queue.take(maxBatchItems, maxBatchBytes); rest !== undefined; ) {
      batches.push(rest);
      rest = this.#queue.take(maxBatchItems, maxBatchBytes);
    }
    this.#heldBytes = 0;
    this.#heldCount = 0;
    for (const batch of batches) this.#handedOver += batch.count;
    return batches;
  }

  recordLost(items: readonly Item[]): number {
    const lost = this.#countAll(items);
    this.#handedOver -= lost;
    this.#dropped += lost;
    return lost;
  }

  stats(): SignalStats {
    return {
      queued: this.#queue.count + this.#heldCount,
      exported: this.#exported,
      handedOver: this.#handedOver,
      dropped: this.#dropped,
      failed: this.#failed,
    };
  }

  #enqueue(item: Item, bytes: number, count: number): void {
    const { maxBatchItems, maxBatchBytes, scheduledDelayMillis } = this.#options.limits;
    while (!this.#fits(count, bytes)) {
      // One that could never fit must not push out the others.
      const mayDrop = this.#options.dropPolicy === 'oldest' && bytes <= this.#options.limits.maxQueueBytes;
      const oldest = mayDrop ? this.#queue.take(1, 0) : undefined;
      this.#drop(oldest?.count ?? count, 'the queue is full');
      if (oldest === undefined) return;
    }
    this.#queue.push(item, bytes, count);
    if (this.#queue.length >= maxBatchItems || this.#queue.bytes >= maxBatchBytes) {
      if (this.#mayMove()) this.#pumpSoon();
      else if (this.#retryTimer === undefined) this.#awaitRetry();
    } else if (this.#delayTimer === undefined) {
      this.#delayTimer = this.#clock.after(timerMillis(scheduledDelayMillis), () => {
        this.#delayTimer = undefined;
        this.#duePlace = this.#queue.endPlace;
        this.#pump();
      });
    }
  }

  #fits(count: number, bytes: number): boolean {
    const { maxQueueItems, maxQueueBytes } = this.#options.limits;
    const held = this.#queue.count + this.#heldCount;
    // A collection of metrics with more points than the whole queue may pass when it is alone.
    if (held > 0 && held + count > maxQueueItems) return false;
    return this.#queue.bytes + this.#heldBytes + bytes <= maxQueueBytes;
  }

  #countAll(items: readonly Item[]): number {
    return items.reduce((count, item) => count + this.#countOf(item), 0);
  }

  #drop(count: number, reason: string): void {
    this.#dropped += count;
    this.#log.dropped(count, reason);
  }

  /** Whether a batch could leave the queue now, for the collector or for the spool. */
  #mayMove(): boolean {
    if (!this.#circuit.isOpen) return this.#underWay.size < this.#options.limits.maxConcurrentExports;
    return this.#maySpill() || this.#circuit.allows(this.#clock.now(), this.#underWay.size);
  }

  #maySpill(): boolean {
    return this.#options.spill !== undefined && this.#spilling.size === 0;
  }

  #pumpSoon(): void {
    if (this.#pumpComes) return;
    this.#pumpComes = true;
    this.#clock.soon(() => {
      this.#pumpComes = false;
      this.#pump();
    });
  }

  /** Starts one batch, and comes again for the next: encoding several in one go would hold the event loop. */
  #pump(): void {
    if (this.#state === 'closed') return;
    if (this.#underWay.size < this.#options.limits.maxConcurrentExports) {
      if (this.#circuit.allows(this.#clock.now(), this.#underWay.size)) {
        const batch = this.#returned.shift() ?? this.#takeDue();
        if (batch !== undefined) {
          this.#export(batch);
          this.#pumpSoon();
        }
      } else if (this.#maySpill()) {
        // The collector is away: what is due goes the other way without trying it.
        const batch = this.#takeDue();
        if (batch !== undefined) void this.#spill(batch);
      }
    }
    this.#awaitRetry();
    this.#settleWaiters();
  }

  #takeDue(): Batch<Item> | undefined {
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    const queue = this.#queue;
    const due = queue.headPlace < this.#duePlace || queue.length >= maxBatchItems || queue.bytes >= maxBatchBytes;
    const batch = due ? queue.take(maxBatchItems, maxBatchBytes) : undefined;
    if (batch === undefined) return undefined;
    this.#heldBytes += batch.bytes;
    this.#heldCount += batch.count;
    return batch;
  }

  #awaitRetry(): void {
    this.#retryTimer?.cancel();
    this.#retryTimer = undefined;
    const waits = this.#returned.length > 0 || this.#queue.length > 0;
    if (!this.#circuit.isOpen || !waits || this.#underWay.size > 0) return;
    const delayMillis = Math.max(0, this.#circuit.retryAt - this.#clock.now());
    this.#retryTimer = this.#clock.after(delayMillis, () => this.#pump());
  }

  #export(batch: Batch<Item>): void {
    const timeoutMillis = this.#options.limits.exportTimeoutMillis;
    const controller = new AbortController();
    const deadline = this.#clock.after(timerMillis(timeoutMillis), () => {
      this.#conclude(underWay, { kind: 'retryable', reason: `no answer within ${timeoutMillis} ms` });
      controller.abort();
    });
    const underWay: Export<Item> = {
      batch,
      startedAt: this.#clock.now(),
      round: this.#circuit.round,
      controller,
      deadline,
    };
    this.#underWay.add(underWay);
    this.#send(batch, { signal: controller.signal, timeoutMillis, batchId: batch.id }).then(
      (result) => this.#conclude(underWay, result),
      (error: unknown) => this.#conclude(underWay, { kind: 'failed', reason: reasonOf(error) }),
    );
  }

  async #send(batch: Batch<Item>, options: SendOptions): Promise<SendResult> {
    this.#sender ??= this.#options.openSender();
    const opening = this.#sender;
    let sender: Sender<Item>;
    try {
      sender = await opening;
    } catch (error) {
      if (this.#sender === opening) this.#sender = undefined;
      return { kind: 'retryable', reason: reasonOf(error) };
    }
    // Nobody waits for the answer any more.
    if (options.signal.aborted) return { kind: 'retryable', reason: 'abandoned' };
    return sender.send(batch.items, options);
  }

  /** Once for each export; whatever comes after its deadline or after the end changes nothing. */
  #conclude(underWay: Export<Item>, result: SendResult): void {
    if (!this.#underWay.delete(underWay)) return;
    underWay.deadline.cancel();
    const { batch, startedAt, round } = underWay;
    const now = this.#clock.now();
    switch (result.kind) {
      case 'delivered': {
        const unencoded = Math.min(result.unencoded?.items ?? 0, batch.count);
        const rejected = Math.min(Math.max(result.rejectedItems ?? 0, 0), batch.count - unencoded);
        const exported = batch.count - rejected - unencoded;
        this.#release(batch);
        this.#exported += exported;
        this.#failed += rejected + unencoded;
        this.#circuit.succeeded();
        const { maxQueueItems, maxQueueBytes } = this.#options.limits;
        const roomy = this.#queue.count < maxQueueItems / 2 && this.#queue.bytes < maxQueueBytes / 2;
        this.#log.delivered(exported, now - startedAt, roomy);
        if (result.unencoded && unencoded > 0) this.#log.unencoded(unencoded, result.unencoded.reason);
        if (rejected > 0 || result.message) this.#log.rejected(rejected, result.message ?? 'no reason given');
        break;
      }
      case 'failed':
        this.#release(batch);
        this.#failed += batch.count;
        this.#circuit.succeeded();
        this.#log.failed(batch.count, result.reason);
        break;
      case 'retryable': {
        const delayMillis = this.#circuit.failed(now, round, result.retryAfterMillis);
        this.#log.retrying(batch.count, result.reason, delayMillis);
        if (this.#options.spill === undefined) this.#return(batch);
        else void this.#spill(batch);
        break;
      }
    }
    this.#pumpSoon();
    this.#settleWaiters();
  }

  async #spill(batch: Batch<Item>): Promise<void> {
    this.#spilling.add(batch);
    const refused: SpillResult<Item> = { kind: 'refused' };
    const result = await Promise.resolve()
      .then(() => this.#options.spill?.(batch) ?? refused)
      .catch(() => refused);
    // Not there any more: it was drained meanwhile.
    if (!this.#spilling.delete(batch)) return;
    if (result.kind === 'taken') {
      const lost = this.#countAll(result.unusable);
      this.#release(batch);
      this.#handedOver += batch.count - lost;
      if (lost > 0) this.#drop(lost, 'an item could not be written');
    } else {
      this.#return(batch);
    }
    this.#pumpSoon();
    this.#settleWaiters();
  }

  #release(batch: Batch<Item>): void {
    this.#heldBytes -= batch.bytes;
    this.#heldCount -= batch.count;
  }

  #return(batch: Batch<Item>): void {
    this.#returned.push(batch);
    this.#returned.sort((one, other) => one.firstPlace - other.firstPlace);
  }

  #settled({ timeoutMillis = FLUSH_TIMEOUT_MILLIS, retry = true }: FlushOptions): Promise<void> {
    const place = this.#queue.endPlace;
    if (this.#firstUnsettled() >= place) return Promise.resolve();
    this.#duePlace = Math.max(this.#duePlace, place);
    this.#circuit.hurry(this.#clock.now());
    this.#pumpSoon();
    return new Promise((resolve) => {
      const settle = () => {
        timer.cancel();
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter: Waiter = { place, retry, settle };
      this.#waiters.add(waiter);
      // The only handle that keeps the process: sockets and other timers do not, so that nothing outlives the wait.
      const timer = this.#clock.after(timerMillis(timeoutMillis), settle, { holdsProcess: true });
    });
  }

  #settleWaiters(): void {
    if (this.#waiters.size === 0) return;
    const reached = this.#firstUnsettled();
    const stuck = this.#isStuck();
    for (const waiter of this.#waiters) {
      if (reached >= waiter.place || (stuck && !waiter.retry)) waiter.settle();
    }
  }

  /** Whether nothing will move before the next retry. */
  #isStuck(): boolean {
    if (!this.#circuit.isOpen || this.#underWay.size > 0 || this.#spilling.size > 0) return false;
    const spills =
      this.#options.spill !== undefined && this.#queue.headPlace < this.#duePlace && this.#queue.length > 0;
    return !spills && this.#clock.now() < this.#circuit.retryAt;
  }

  /** The place of the oldest item that is still held, or of the next one to come. */
  #firstUnsettled(): number {
    let place = this.#queue.headPlace;
    for (const batch of this.#heldBatches()) place = Math.min(place, batch.firstPlace);
    return place;
  }

  #heldBatches(): Batch<Item>[] {
    return [...this.#returned, ...this.#spilling, ...Array.from(this.#underWay, ({ batch }) => batch)];
  }

  /** Lets go of the collector. What was under way stays here. */
  #close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#delayTimer?.cancel();
    this.#retryTimer?.cancel();
    const abandoned = [...this.#underWay];
    this.#returned = this.#heldBatches().sort((one, other) => one.firstPlace - other.firstPlace);
    this.#underWay.clear();
    this.#spilling.clear();
    for (const { controller, deadline } of abandoned) {
      deadline.cancel();
      controller.abort();
    }
    for (const waiter of this.#waiters) waiter.settle();
    this.#sender?.then((sender) => sender.close()).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error || isNativeError(error) ? error.message : String(error);
}

/** What Node takes for a timer. */
function timerMillis(millis: number): number {
  if (Number.isNaN(millis)) return 0;
  return Math.min(Math.max(millis, 0), LONGEST_TIMER_MILLIS);
}
