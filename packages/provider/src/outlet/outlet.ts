import type { OtelSignal } from '@codex-otel/config';
import type { Sender } from '@codex-otel/metrics/otlp';
import type { Clock } from './clock.ts';
import type { OutletReport } from './outlet-report.ts';

/** Outcomes of the items of one signal. For metrics an item is a data point. */
export interface SignalStats {
  /** In memory: waiting, or under way and not acknowledged. */
  readonly queued: number;
  /** Accepted by the collector. */
  readonly exported: number;
  /**
   * Given to the uploader or the spool. If the spool loses items later, the provider that finds this counts them again,
   * as dropped or failed.
   */
  readonly handedOver: number;
  /** Not sent: the queue was full, the provider had ended, or the item was too old for the spool. */
  readonly dropped: number;
  /** Finally refused by the collector, or impossible to encode. */
  readonly failed: number;
}

/** How long a flush waits. */
export interface FlushOptions {
  /** In milliseconds. @defaultValue 2000 */
  readonly timeoutMillis?: number | undefined;
  /**
   * Whether to retry within the time-out after a temporary failure. With `false` the first such failure ends the wait,
   * for a caller that hands the rest over.
   * @defaultValue `true`
   */
  readonly retry?: boolean | undefined;
}

/** A batch that an outlet passes on. If it was tried before, it keeps its id. */
export interface HeldBatch<Item> {
  /** The id under which the collector may have received it. */
  readonly id: string;
  readonly items: readonly Item[];
  /** Whether it has items that should be sent first if time is short; see `OutletOptions.isImportant`. */
  readonly isImportant?: boolean;
}

/** Whether a spill took a batch. */
export type SpillResult =
  /** It has taken the batch. */
  | 'taken'
  /** The batch stays in the outlet. */
  | 'refused';

/**
 * The way of one signal out of the process: a sending queue with batches, retries and limits, like the exporter helper
 * of OpenTelemetry's Collector. Nothing in it throws or rejects.
 */
export interface Outlet<Item> {
  /** Queues one item, without encoding, input or output. */
  push(item: Item): void;
  /** Queues a batch that another outlet passed on, whole and with its id; limits do not apply. */
  restore(batch: HeldBatch<Item>): void;
  /** Counts one item that could not be read as dropped. */
  lose(reason: string): void;
  /**
   * Waits until everything that was pushed before the call is settled, or for the time-out. {@link Outlet.stats} has
   * the result.
   */
  forceFlush(options?: FlushOptions): Promise<void>;
  /**
   * Accepts no more items, sends what is queued, and closes the sender. After the time-out the rest is left for {@link
   * Outlet.drain}.
   */
  shutdown(options?: FlushOptions): Promise<void>;
  /**
   * Takes out everything that the collector has not acknowledged, oldest first; batches under way are abandoned. Closes
   * the outlet. The items count as handed over, unless {@link Outlet.recordLost} is called for them.
   */
  drain(): readonly HeldBatch<Item>[];
  /**
   * Counts items from {@link Outlet.drain} that could not be handed over as dropped.
   *
   * @returns how many they count as
   */
  recordLost(items: readonly Item[]): number;
  stats(): SignalStats;
}

/** Options for {@link createOutlet}. */
export interface OutletOptions<Item> {
  readonly signal: OtelSignal;
  /** Called at the first export; loads the HTTP client and the serialisers. */
  openSender(): Promise<Sender<Item>>;
  /** Approximate encoded size of an item in bytes. */
  sizeOf(item: Item): number;
  /** How many items one item counts as. @defaultValue 1 */
  countOf?: ((item: Item) => number) | undefined;
  /**
   * Whether an item should be sent before others if time is short; at a drain such items get batches of their own.
   * @defaultValue none
   */
  isImportant?: ((item: Item) => boolean) | undefined;
  /**
   * Divides an item in two, for a collector that refuses it as too large; `undefined` if it cannot be divided.
   * @defaultValue no item can
   */
  divide?: ((item: Item) => readonly [Item, Item] | undefined) | undefined;
  readonly limits: OutletLimits;
  /**
   * Takes a batch that the collector cannot accept now, for instance into a spool; the batch then counts as handed
   * over. A batch that is refused stays in the outlet and is retried.
   */
  spill?: ((batch: HeldBatch<Item>) => SpillResult | Promise<SpillResult>) | undefined;
  onReport?: ((report: OutletReport) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Between 0 and 1, for the jitter of retries. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** The limits of an outlet. */
export interface OutletLimits {
  /** Maximum number of items in memory, including those under way. */
  readonly maxQueueItems: number;
  readonly maxQueueBytes: number;
  readonly maxBatchItems: number;
  readonly maxBatchBytes: number;
  /** How long an item may wait for its batch to fill, in milliseconds. */
  readonly scheduledDelayMillis: number;
  /** Time for one attempt to send a batch, in milliseconds. */
  readonly exportTimeoutMillis: number;
  readonly maxConcurrentExports: number;
}
