import type { OtelSignal } from '@codex-otel/config';
import type { Sender } from '@codex-otel/metrics/otlp';
import type { Clock } from './clock.ts';
import type { OutletReport } from './outlet-report.ts';

/** What became of the items of one signal. In metrics an item is a data point. */
export interface SignalStats {
  /** Held in memory: waiting, or under way and not acknowledged. */
  readonly queued: number;
  readonly exported: number;
  /** Given to the uploader or the spool. What the spool loses later counts as dropped or failed too, where it is found. */
  readonly handedOver: number;
  /** Never sent: the queue was full, the outlet closed, the spool kept it too long, or it cannot be written. */
  readonly dropped: number;
  /** Refused by the collector for good, or impossible to encode. */
  readonly failed: number;
}

/** How long to wait for what is queued. */
export interface FlushOptions {
  /** @defaultValue 2000 */
  readonly timeoutMillis?: number | undefined;
  /**
   * Whether to try again, inside the time-out, after a failure that may pass. With `false` the first such
   * failure ends the wait, which suits a caller that hands the rest over.
   * @defaultValue `true`
   */
  readonly retry?: boolean | undefined;
}

/** Items that an outlet gives out, in batches of the size that it sends; those that were tried keep their id. */
export interface HeldBatch<Item> {
  /** Under which the collector may have seen it. */
  readonly id: string;
  readonly items: readonly Item[];
  /** Whether something is in it that should go before the rest, when not all can; see `OutletOptions.isImportant`. */
  readonly isImportant?: boolean;
}

/** What became of a batch that was to go another way than to the collector. */
export type SpillResult =
  /** It is there now. */
  | 'taken'
  /** It stays where it was. */
  | 'refused';

/** The one way out of the process for one signal. Nothing in it throws or rejects. */
export interface Outlet<Item> {
  /** Queues one item; costs no encoding and no input or output. */
  push(item: Item): void;
  /** Queues a batch that another outlet gave out, whole and under its id; bounds do not apply. */
  restore(batch: HeldBatch<Item>): void;
  /** Counts one item as dropped that could not even be made. */
  lose(reason: string): void;
  /** Settles when everything pushed before the call is settled, at the latest at the time-out. See {@link Outlet.stats} for how it went. */
  forceFlush(options?: FlushOptions): Promise<void>;
  /** Takes no more items, sends what it holds, closes the sender. At the time-out the rest is left for {@link Outlet.drain}. */
  shutdown(options?: FlushOptions): Promise<void>;
  /**
   * Everything held, oldest first, that the collector has not acknowledged; batches under way are abandoned.
   * The outlet is closed afterwards. The items count as handed over, unless {@link Outlet.recordLost} says otherwise.
   */
  drain(): readonly HeldBatch<Item>[];
  /**
   * Counts items that {@link Outlet.drain} gave out, and that could not be handed over, as dropped.
   *
   * @returns what they count as
   */
  recordLost(items: readonly Item[]): number;
  stats(): SignalStats;
}

/** Options for {@link createOutlet}. */
export interface OutletOptions<Item> {
  readonly signal: OtelSignal;
  /** Called at the first export; this is where exporters, HTTP clients and serialisers are loaded. */
  openSender(): Promise<Sender<Item>>;
  /** About how many bytes an item takes, encoded. */
  sizeOf(item: Item): number;
  /** How many items one is counted as. @defaultValue 1 */
  countOf?: ((item: Item) => number) | undefined;
  /** Whether an item should go before others when the time is short. What is never tried goes in batches of its own then. @defaultValue none is */
  isImportant?: ((item: Item) => boolean) | undefined;
  /** Cuts one item in two, for a collector that finds it too large; `undefined` when it cannot be cut. @defaultValue none can */
  divide?: ((item: Item) => readonly [Item, Item] | undefined) | undefined;
  readonly limits: OutletLimits;
  /**
   * Takes a batch that the collector could not take now, for instance into a spool: it counts as handed over then.
   * A batch that is refused stays here and is tried again.
   */
  spill?: ((batch: HeldBatch<Item>) => SpillResult | Promise<SpillResult>) | undefined;
  onReport?: ((report: OutletReport) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Between 0 and 1, for the jitter of retries. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** The bounds of an outlet. */
export interface OutletLimits {
  /** Held at once, those under way included. */
  readonly maxQueueItems: number;
  readonly maxQueueBytes: number;
  readonly maxBatchItems: number;
  readonly maxBatchBytes: number;
  /** How long an item may wait for its batch to fill. */
  readonly scheduledDelayMillis: number;
  /** The whole time of one attempt to send a batch. */
  readonly exportTimeoutMillis: number;
  readonly maxConcurrentExports: number;
}
