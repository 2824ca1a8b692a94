import type { SendResult } from '@codex-otel/metrics/otlp';
import { BatchBlame } from './batch-blame.ts';
import { halvesOf, isDivisible } from './batch-halves.ts';
import { Circuit } from './circuit.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { timerMillis } from './clock.ts';
import type { FlushWaiters } from './flush-waiters.ts';
import type { Batch, ItemQueue } from './item-queue.ts';
import { LazySender } from './lazy-sender.ts';
import type { OutcomeLog } from './outcome-log.ts';
import type { OutletOptions } from './outlet.ts';
import type { OutletTally } from './outlet-tally.ts';
import { RetryQueue } from './retry-queue.ts';

/** A batch on its way to the collector. */
interface Export<Item> {
  readonly batch: Batch<Item>;
  readonly startedAt: number;
  /** The circuit's round when it started. */
  readonly round: number;
  readonly controller: AbortController;
  readonly deadline: ClockTimer;
}

/** What the two halves of an outlet share. */
export interface OutletHalves<Item> {
  readonly options: OutletOptions<Item>;
  readonly clock: Clock;
  readonly queue: ItemQueue<Item>;
  readonly tally: OutletTally;
  readonly log: OutcomeLog;
  readonly waiters: FlushWaiters;
  /**
   * The text for an error. It is passed in, since the sending half imports no package: modules that it shared with the
   * start would become files of their own in a program's bundle.
   */
  readonly reasonOf: (error: unknown) => string;
}

/** The half of an outlet that sends: it takes batches from the queue and retries, divides, spills or drops them. */
export class BatchSending<Item> {
  readonly #options: OutletOptions<Item>;
  readonly #clock: Clock;
  readonly #queue: ItemQueue<Item>;
  readonly #tally: OutletTally;
  readonly #log: OutcomeLog;
  readonly #waiters: FlushWaiters;
  readonly #circuit: Circuit;
  readonly #blame: BatchBlame;
  readonly #sender: LazySender<Item>;
  readonly #underWay = new Set<Export<Item>>();
  readonly #retryQueue = new RetryQueue<Item>();
  /** Batches on their way into the spool. */
  readonly #spilling = new Set<Batch<Item>>();
  /** Items before this place are sent without waiting for a full batch. */
  #duePlace = 0;
  #retryTimer: ClockTimer | undefined;
  #pumpComes = false;
  #isClosed = false;

  constructor({ options, clock, queue, tally, log, waiters, reasonOf }: OutletHalves<Item>) {
    this.#options = options;
    this.#clock = clock;
    this.#queue = queue;
    this.#tally = tally;
    this.#log = log;
    this.#waiters = waiters;
    this.#circuit = new Circuit(options.random ?? Math.random);
    this.#blame = new BatchBlame(options.random ?? Math.random);
    this.#sender = new LazySender(() => options.openSender(), reasonOf);
  }

  /** Sends a batch that an earlier outlet left. */
  restore(batch: Batch<Item>): void {
    this.#retryQueue.add(batch);
    this.#pumpSoon();
  }

  /** Sends the items before a place, without waiting for a full batch. */
  send(place: number): void {
    this.#duePlace = place;
    this.#pump();
  }

  /** The same for a flush: in a later turn of the event loop, and without our own delays. */
  hurry(place: number): void {
    this.#duePlace = place;
    this.#circuit.hurry(this.#clock.now());
    this.#retryQueue.hurry(this.#clock.now());
    this.#pumpSoon();
  }

  /** The queue has a full batch. */
  sendFull(): void {
    this.#pumpSoon();
  }

  /** The place of the oldest item that is still held, or else of the next item. */
  firstUnsettled(): number {
    let place = this.#queue.headPlace;
    for (const batch of [
      ...this.#retryQueue.all,
      ...this.#spilling,
      ...Array.from(this.#underWay, ({ batch }) => batch),
    ])
      place = Math.min(place, batch.firstPlace);
    return place;
  }

  /** Abandons the collector. Returns the items that it has not acknowledged, oldest first. */
  close(): readonly Batch<Item>[] {
    this.#isClosed = true;
    this.#retryTimer?.cancel();
    const abandoned = [...this.#underWay];
    for (const batch of this.#spilling) this.#retryQueue.add(batch);
    for (const { batch } of abandoned) this.#retryQueue.add(batch);
    this.#underWay.clear();
    this.#spilling.clear();
    for (const { controller, deadline } of abandoned) {
      deadline.cancel();
      controller.abort();
    }
    this.#sender.close();
    return this.#retryQueue.clear();
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

  /** Starts one batch and schedules itself for the next: encoding several at once would block the event loop. */
  #pump(): void {
    if (this.#isClosed) return;
    if (this.#underWay.size < this.#options.limits.maxConcurrentExports) {
      if (this.#circuit.allows(this.#clock.now(), this.#underWay.size)) {
        // Failed batches come last: one that can never pass must not block the others.
        const batch = this.#takeDue() ?? this.#retryQueue.take(this.#clock.now());
        if (batch !== undefined) {
          this.#export(batch);
          this.#pumpSoon();
        }
      } else if (this.#maySpill()) {
        // The collector is unreachable: due batches go to the spool without another attempt.
        const batch = this.#takeDue();
        if (batch !== undefined) void this.#spill(batch);
      }
    }
    this.#awaitRetry();
    this.#settleWaiters();
  }

  #takeDue(): Batch<Item> | undefined {
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    const batch = this.#isDue() ? this.#queue.take(maxBatchItems, maxBatchBytes) : undefined;
    if (batch === undefined) return undefined;
    this.#tally.hold(batch);
    return batch;
  }

  #isDue(): boolean {
    const { maxBatchItems, maxBatchBytes } = this.#options.limits;
    const queue = this.#queue;
    return queue.headPlace < this.#duePlace || queue.length >= maxBatchItems || queue.bytes >= maxBatchBytes;
  }

  #awaitRetry(): void {
    this.#retryTimer?.cancel();
    this.#retryTimer = undefined;
    if (this.#circuit.isOpen && this.#underWay.size > 0) return;
    const readyAt = this.#isDue() ? 0 : this.#retryQueue.nextRetryAt();
    const at = this.#circuit.isOpen ? Math.max(readyAt, this.#circuit.retryAt) : readyAt;
    const delayMillis = at - this.#clock.now();
    // A batch that is ready starts when there is room; it needs no timer.
    if (!Number.isFinite(at) || (delayMillis <= 0 && !this.#circuit.isOpen)) return;
    this.#retryTimer = this.#clock.after(Math.max(0, delayMillis), () => this.#pump());
  }

  #export(batch: Batch<Item>): void {
    const timeoutMillis = this.#options.limits.exportTimeoutMillis;
    const controller = new AbortController();
    const deadline = this.#clock.after(timerMillis(timeoutMillis), () => {
      const reason = `no answer within ${timeoutMillis} ms`;
      this.#conclude(underWay, { kind: 'retryable', reason, brokenOff: 'timeout' });
      controller.abort();
    });
    const { round } = this.#circuit;
    const underWay: Export<Item> = { batch, startedAt: this.#clock.now(), round, controller, deadline };
    this.#underWay.add(underWay);
    void this.#sender
      .send(batch.items, { signal: controller.signal, timeoutMillis, batchId: batch.id })
      .then((result) => this.#conclude(underWay, result));
  }

  /** Runs once for each export; a result after its deadline or after the end is ignored. */
  #conclude(underWay: Export<Item>, result: SendResult): void {
    if (!this.#underWay.delete(underWay)) return;
    underWay.deadline.cancel();
    const { batch, startedAt } = underWay;
    const now = this.#clock.now();
    switch (result.kind) {
      case 'delivered': {
        const { exported, rejected, unencoded } = this.#tally.delivered(batch, result);
        this.#tally.release(batch);
        this.#circuit.succeeded();
        this.#blame.delivered();
        const { maxQueueItems, maxQueueBytes } = this.#options.limits;
        const roomy = this.#queue.count < maxQueueItems / 2 && this.#queue.bytes < maxQueueBytes / 2;
        this.#log.delivered(exported, now - startedAt, roomy);
        if (result.unencoded && unencoded > 0) this.#log.unencoded(unencoded, result.unencoded.reason);
        if (rejected > 0 || result.message) this.#log.rejected(rejected, result.message ?? 'no reason given');
        break;
      }
      case 'failed':
        this.#tally.release(batch);
        this.#tally.failed += batch.count;
        this.#circuit.succeeded();
        this.#log.failed(batch.count, result.reason);
        break;
      case 'refused':
        this.#circuit.succeeded();
        if (!this.#blame.refused() || !this.#divide(batch, result.reason)) this.#lose(batch, result.reason);
        break;
      case 'retryable':
        this.#retry(underWay, result);
        break;
    }
    this.#pumpSoon();
    this.#settleWaiters();
  }

  #retry({ batch, round }: Export<Item>, result: Extract<SendResult, { kind: 'retryable' }>): void {
    const now = this.#clock.now();
    const verdict = this.#blame.cameBack(batch, result, now, isDivisible(batch, this.#options));
    switch (verdict.kind) {
      case 'divide':
        this.#divide(batch, result.reason);
        return;
      case 'hopeless':
        this.#lose(batch, result.reason);
        return;
      case 'collector':
      case 'batch': {
        const isOwn = verdict.kind === 'batch';
        const delayMillis = isOwn
          ? verdict.trouble.retryAt - now
          : this.#circuit.failed(now, round, result.retryAfterMillis);
        this.#log.retrying(batch.count, result.reason, delayMillis);
        void this.#spill({ ...batch, trouble: verdict.trouble });
      }
    }
  }

  /** @returns `false` if the batch cannot be divided */
  #divide(batch: Batch<Item>, reason: string): boolean {
    const halves = halvesOf(batch, this.#options);
    if (halves === undefined) return false;
    const trouble = this.#blame.troubleOfHalf(batch, this.#clock.now());
    for (const half of halves) this.#retryQueue.add({ ...half, trouble });
    this.#log.divided(batch.count, reason);
    return true;
  }

  /** Drops a batch while others may pass. */
  #lose(batch: Batch<Item>, reason: string): void {
    this.#tally.release(batch);
    this.#tally.failed += batch.count;
    this.#log.hopeless(batch.count, reason);
  }

  /** Puts a batch into the spool, or keeps it for a retry if there is none or if it refuses. */
  async #spill(batch: Batch<Item>): Promise<void> {
    this.#spilling.add(batch);
    const result = await Promise.resolve()
      .then(() => this.#options.spill?.(batch))
      .catch(() => undefined);
    // The outlet was drained meanwhile.
    if (!this.#spilling.delete(batch)) return;
    if (result === 'taken') {
      this.#tally.release(batch);
      this.#tally.handedOver += batch.count;
    } else {
      this.#retryQueue.add(batch);
    }
    this.#pumpSoon();
    this.#settleWaiters();
  }

  #settleWaiters(): void {
    if (this.#waiters.size === 0) return;
    // Then nothing changes before the next retry.
    const isStuck = this.#underWay.size === 0 && this.#spilling.size === 0 && !this.#pumpComes;
    this.#waiters.settle(this.firstUnsettled(), isStuck);
  }
}
