import type { OtelSignal } from '@codex-otel/config';
import type { SendResult } from '@codex-otel/metrics/otlp';
import { errorReason } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';
import type { Circuit } from '../outlet/circuit.ts';
import type { Clock, ClockTimer } from '../outlet/clock.ts';
import type { PlainBatch } from '../records/encode-batch.ts';
import { batchCount } from '../records/encode-batch.ts';
import { readFrames } from '../records/frames.ts';
import type { SpoolDirectory } from './spool-directory.ts';
import type { SpoolFile } from './spool-file.ts';
import type { SpoolToken } from './spool-token.ts';

/** While another process sends, or nothing is there, it is looked at again after this. */
const LOOK_AGAIN_MILLIS = 30_000;
/** A batch that could not be delivered a moment ago is tried again after this. */
const FIRST_TRY_MILLIS = 1000;

/** Where the batches of one signal and destination go. */
export interface SpoolRoute {
  /** See `destinationKey`. */
  readonly destination: string;
  readonly signal: OtelSignal;
  /** What the collector refuses as it is was tried in parts. */
  send(batch: PlainBatch): Promise<Exclude<SendResult, { readonly kind: 'refused' }>>;
}

/** Options for {@link SpoolDelivery}. */
export interface SpoolDeliveryOptions {
  readonly directory: SpoolDirectory;
  readonly token: SpoolToken;
  readonly routes: readonly SpoolRoute[];
  readonly maxAgeMillis: number;
  readonly circuit: Circuit;
  readonly clock: Clock;
  /** @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
  /** Counts what is lost: too old, or refused for good. */
  readonly countLost: (signal: OtelSignal, reason: 'dropped' | 'failed', items: number) => void;
}

/**
 * Sends what is in the spool, oldest first, one process at a time, whoever wrote it. It begins when it is told
 * that the collector answers, and some time after the start; it never holds the process.
 */
export class SpoolDelivery {
  readonly #options: SpoolDeliveryOptions;
  #timer: ClockTimer | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #running = false;
  #closed = false;

  constructor(options: SpoolDeliveryOptions) {
    this.#options = options;
  }

  /** Begins after a while, or earlier where that was asked for already. */
  beginAfter(delayMillis: number): void {
    const { clock } = this.#options;
    const dueAt = clock.now() + delayMillis;
    if (this.#closed || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    this.#timer?.cancel();
    this.#timer = clock.after(delayMillis, () => void this.#run());
  }

  /** Something new is in the spool. While the collector is known to be away, the next try is set already. */
  batchArrived(): void {
    if (!this.#options.circuit.isOpen) this.beginAfter(FIRST_TRY_MILLIS);
  }

  /** The collector has just taken something: no need to wait any longer. */
  collectorAnswers(): void {
    this.#options.circuit.succeeded();
    this.beginAfter(0);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#running || this.#closed) return;
    this.#running = true;
    let delayMillis = LOOK_AGAIN_MILLIS;
    try {
      delayMillis = await this.#sendAll();
    } catch (error) {
      diag.warn(`codex-otel: the spool cannot be read: ${errorReason(error)}`);
    } finally {
      this.#running = false;
    }
    this.beginAfter(delayMillis);
  }

  /** @returns when to look again, in milliseconds */
  async #sendAll(): Promise<number> {
    const { directory, token } = this.#options;
    let files = await this.#ownFiles();
    if (files.length === 0 || !token.take()) return LOOK_AGAIN_MILLIS;
    try {
      await directory.sweep();
      while (files.length > 0) {
        for (const file of files) {
          const waitMillis = await this.#deliver(file);
          if (waitMillis !== undefined) return waitMillis;
          if (this.#closed || !token.keep()) return LOOK_AGAIN_MILLIS;
        }
        files = await this.#ownFiles();
      }
      return LOOK_AGAIN_MILLIS;
    } finally {
      token.giveBack();
    }
  }

  async #ownFiles(): Promise<readonly SpoolFile[]> {
    const files = await this.#options.directory.list();
    return files.filter((file) => this.#routeOf(file) !== undefined);
  }

  #routeOf({ destination, signal }: SpoolFile): SpoolRoute | undefined {
    return this.#options.routes.find((route) => route.destination === destination && route.signal === signal);
  }

  /** @returns how long to wait when it could not be delivered now, in milliseconds */
  async #deliver(file: SpoolFile): Promise<number | undefined> {
    const { directory, maxAgeMillis, circuit, clock, countLost, now = Date.now } = this.#options;
    const read = await this.#read(file);
    const route = this.#routeOf(file);
    if (read === undefined || route === undefined) return undefined;
    const { batch, count } = read;
    if (now() - file.writtenAtUnixMillis > maxAgeMillis) {
      countLost(file.signal, 'dropped', count);
      await directory.remove(file);
      diag.warn(`codex-otel: ${file.signal}: ${count} in the spool were too old and are dropped`);
      return undefined;
    }
    const result = await route.send(batch);
    switch (result.kind) {
      case 'delivered':
        circuit.succeeded();
        if (result.unencoded) {
          countLost(file.signal, 'failed', result.unencoded.items);
          diag.error(
            `codex-otel: ${file.signal}: ${result.unencoded.items} of the spool are lost: ${result.unencoded.reason}`,
          );
        }
        if (result.rejectedItems) {
          countLost(file.signal, 'failed', Math.min(result.rejectedItems, count));
          const reason = result.message || 'no reason given';
          diag.warn(
            `codex-otel: ${file.signal}: the collector rejected ${result.rejectedItems} of the spool: ${reason}`,
          );
        }
        await directory.remove(file);
        return undefined;
      case 'failed':
        countLost(file.signal, 'failed', count);
        await directory.remove(file);
        diag.error(`codex-otel: ${file.signal}: ${count} of the spool were refused: ${result.reason}`);
        return undefined;
      case 'retryable':
        return circuit.failed(clock.now(), circuit.round, result.retryAfterMillis);
    }
  }

  /** `undefined` when another process has taken it, or when it is none of ours; then it is set aside. */
  async #read(file: SpoolFile): Promise<{ readonly batch: PlainBatch; readonly count: number } | undefined> {
    try {
      const [batch] = readFrames(await this.#options.directory.read(file));
      if (isBatchOf(batch, file.signal)) return { batch, count: batchCount(batch) };
      throw new Error('it holds something else');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      await this.#options.directory.setAside(file);
      diag.warn(`codex-otel: ${file.name} in the spool is no batch and was set aside: ${errorReason(error)}`);
      return undefined;
    }
  }
}

function isBatchOf(value: unknown, signal: OtelSignal): value is PlainBatch {
  if (typeof value !== 'object' || value === null) return false;
  const { signal: own, id, items } = value as Partial<Record<keyof PlainBatch, unknown>>;
  return own === signal && typeof id === 'string' && Array.isArray(items);
}
