import type { OtelSignal } from '@codex-otel/config';
import { errorReason } from '@codex-otel/config';
import type { SendResult } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';
import type { Trouble } from '../outlet/batch-blame.ts';
import { BatchBlame } from '../outlet/batch-blame.ts';
import type { Circuit } from '../outlet/circuit.ts';
import type { Clock, ClockTimer } from '../outlet/clock.ts';
import type { PlainBatch } from '../records/encode-batch.ts';
import { batchCount } from '../records/encode-batch.ts';
import { readFrames } from '../records/frames.ts';
import type { SpoolAgeing } from './spool-ageing.ts';
import type { SpoolDirectory } from './spool-directory.ts';
import type { SpoolFile } from './spool-file.ts';
import { sweep } from './spool-sweep.ts';
import { SpoolToken } from './spool-token.ts';
import { SpoolTally, SpoolTrouble } from './spool-trouble.ts';

/** When to look again if another process sends or the spool is empty. */
const LOOK_AGAIN_MILLIS = 30_000;
/** When a batch that has just been spooled is tried. */
const FIRST_TRY_MILLIS = 1000;
/** How often files that no process will send are removed. */
const SWEEP_MILLIS = 600_000;
/** Temporary shortages of the process or the machine: descriptors, memory. */
const SHORT_OF: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY', 'EINTR']);
/** Ids are sent in a header. */
const BATCH_ID = /^[\w-]{1,100}$/;

/** The result for a batch in the spool. A refused batch has been tried in parts. */
export type SpoolResult =
  | Exclude<SendResult, { readonly kind: 'refused' }>
  /** Another version wrote it, or it is damaged in a way that its checksum does not show. */
  | { readonly kind: 'unsendable'; readonly reason: string };

/** Sends the batches of one signal and destination. */
export interface SpoolRoute {
  /** See `destinationKey`. */
  readonly destination: string;
  readonly signal: OtelSignal;
  /** @param inParts - divide the batch also if the exchange is broken off, since the batch is known to be the reason */
  send(batch: PlainBatch, options: { readonly inParts: boolean }): Promise<SpoolResult>;
}

/** Options for {@link SpoolDelivery}. */
export interface SpoolDeliveryOptions {
  readonly directory: SpoolDirectory;
  readonly token: SpoolToken;
  readonly ageing: SpoolAgeing;
  readonly routes: readonly SpoolRoute[];
  readonly maxAgeMillis: number;
  readonly circuit: Circuit;
  readonly clock: Clock;
  /** Counts lost items: too old, or finally refused. */
  readonly countLost: (signal: OtelSignal, reason: 'dropped' | 'failed', items: number) => void;
}

/**
 * Sends the batches in the spool, oldest first, whichever process wrote them; one process at a time sends. It starts
 * when the collector is known to answer, and some time after the start of the process. It never keeps the process
 * alive.
 */
export class SpoolDelivery {
  readonly #options: SpoolDeliveryOptions;
  #timer: ClockTimer | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #running = false;
  #closed = false;
  #sweepAt = Number.NEGATIVE_INFINITY;
  /** Failures of batches, by the names of their files. */
  readonly #troubles = new Map<string, Trouble>();
  readonly #blame = new BatchBlame(Math.random);
  readonly #reading = new SpoolTrouble('the spool cannot be read');
  readonly #sending = new SpoolTrouble('what waits in the spool cannot be sent now');
  readonly #tooOld = new SpoolTally();
  readonly #aside = new SpoolTally();

  constructor(options: SpoolDeliveryOptions) {
    this.#options = options;
  }

  /** Starts after a delay, unless an earlier start is already set. */
  beginAfter(delayMillis: number): void {
    const { clock } = this.#options;
    const dueAt = clock.now() + delayMillis;
    if (this.#closed || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    this.#timer?.cancel();
    this.#timer = clock.after(delayMillis, () => void this.#run());
  }

  /** A batch was spooled. While the collector is known to be unreachable, the next attempt is already set. */
  batchArrived(): void {
    if (!this.#options.circuit.isOpen) this.beginAfter(FIRST_TRY_MILLIS);
  }

  /** The collector has just accepted something, so there is no reason to wait any longer. */
  collectorAnswers(): void {
    this.#answered();
    this.beginAfter(0);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #answered(): void {
    this.#options.circuit.succeeded();
    this.#blame.delivered();
  }

  async #run(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#running || this.#closed) return;
    this.#running = true;
    let delayMillis = LOOK_AGAIN_MILLIS;
    try {
      delayMillis = await this.#sendAll();
      this.#reading.over('the spool can be read again');
    } catch (error) {
      // After the end of the provider its folder may be gone.
      if (!this.#closed) this.#reading.met(error);
    } finally {
      this.#running = false;
      this.#tooOld.say((count) => `${count} in the spool were too old and are dropped`);
      this.#aside.say(
        (count, first) => `${count} files in the spool are not valid batches and were set aside; ${first}`,
      );
    }
    this.beginAfter(delayMillis);
  }

  /** @returns the delay until the next look, in milliseconds */
  async #sendAll(): Promise<number> {
    const { directory, token, ageing, clock } = this.#options;
    const listing = await directory.list((file) => this.#isDue(file), SpoolToken.isToken);
    let { files } = listing;
    const sweeps = clock.now() >= this.#sweepAt;
    if (files.length === 0 && !(sweeps && listing.total > 0)) return this.#nextTryMillis();
    if (!token.take({ names: listing.others, total: listing.total })) return LOOK_AGAIN_MILLIS;
    try {
      const agesAreTrue = ageing.look();
      if (sweeps && agesAreTrue) await this.#sweep();
      while (files.length > 0 && !this.#closed) {
        for (const file of this.#newFirst(files)) {
          const waitMillis = await this.#deliver(file, agesAreTrue);
          if (waitMillis !== undefined) return waitMillis;
          if (this.#closed || !token.keep()) return LOOK_AGAIN_MILLIS;
        }
        ({ files } = await directory.list((file) => this.#isDue(file)));
      }
      return this.#nextTryMillis();
    } finally {
      token.giveBack();
    }
  }

  async #sweep(): Promise<void> {
    const { directory, maxAgeMillis, clock } = this.#options;
    this.#sweepAt = clock.now() + SWEEP_MILLIS;
    await sweep({
      directory,
      maxAgeMillis,
      isOwn: (file) => this.#routeOf(file) !== undefined,
      onTooOld: async (file) => {
        const read = await this.#read(file);
        if (read !== undefined) await this.#dropTooOld(file, read.count);
      },
    });
  }

  /** Batches that failed by themselves come after the others. */
  #newFirst(files: readonly SpoolFile[]): readonly SpoolFile[] {
    const cameBack = (file: SpoolFile): boolean => (this.#troubles.get(file.name)?.retryAt ?? 0) > 0;
    return [...files.filter((file) => !cameBack(file)), ...files.filter(cameBack)];
  }

  #isDue(file: SpoolFile): boolean {
    if (this.#routeOf(file) === undefined) return false;
    const trouble = this.#troubles.get(file.name);
    return trouble === undefined || trouble.retryAt <= this.#options.clock.now();
  }

  #nextTryMillis(): number {
    const now = this.#options.clock.now();
    const waits = [...this.#troubles.values()].map(({ retryAt }) => Math.max(FIRST_TRY_MILLIS, retryAt - now));
    return Math.min(LOOK_AGAIN_MILLIS, ...waits);
  }

  #routeOf({ destination, signal }: SpoolFile): SpoolRoute | undefined {
    return this.#options.routes.find((route) => route.destination === destination && route.signal === signal);
  }

  /** @returns how long to wait if the collector fails, in milliseconds; else `undefined` */
  async #deliver(file: SpoolFile, agesAreTrue: boolean): Promise<number | undefined> {
    const { directory, maxAgeMillis } = this.#options;
    const read = await this.#read(file);
    const route = this.#routeOf(file);
    if (read === undefined || route === undefined) return undefined;
    if (agesAreTrue && (await directory.ageMillis(file, Date.now())) > maxAgeMillis) {
      await this.#dropTooOld(file, read.count);
      return undefined;
    }
    const result = await route.send(read.batch, { inParts: false });
    if (result.kind !== 'retryable') return this.#settle(file, read.count, result);
    const verdict = this.#verdict(file, read.batch, result);
    switch (verdict.kind) {
      case 'divide': {
        const inParts = await route.send(read.batch, { inParts: true });
        return inParts.kind === 'retryable' ? this.#waitAfter(inParts) : this.#settle(file, read.count, inParts);
      }
      case 'hopeless':
        return this.#settle(file, read.count, { kind: 'failed', reason: result.reason });
      case 'batch':
        this.#troubles.set(file.name, verdict.trouble);
        this.#sending.met(new Error(`${read.count} are retried after the others: ${result.reason}`));
        return undefined;
      case 'collector':
        this.#troubles.set(file.name, { ...verdict.trouble, retryAt: 0 });
        return this.#waitAfter(result);
    }
  }

  #verdict(file: SpoolFile, { items }: PlainBatch, result: Extract<SpoolResult, { kind: 'retryable' }>) {
    const before = this.#troubles.get(file.name);
    // A single collection of metrics can be divided too.
    const isDivisible = items.length > 1 || file.signal === 'metrics';
    const batch = { id: file.name, ...(before && { trouble: before }) };
    return this.#blame.cameBack(batch, result, this.#options.clock.now(), isDivisible);
  }

  #waitAfter({ retryAfterMillis, reason }: Extract<SpoolResult, { kind: 'retryable' }>): number {
    const { circuit, clock } = this.#options;
    this.#sending.met(new Error(reason));
    return circuit.failed(clock.now(), circuit.round, retryAfterMillis);
  }

  /** Removes a batch that was delivered or will never be, and counts its losses. */
  async #settle(
    { name, signal }: SpoolFile,
    count: number,
    result: Exclude<SpoolResult, { kind: 'retryable' }>,
  ): Promise<undefined> {
    const { directory, countLost } = this.#options;
    this.#troubles.delete(name);
    switch (result.kind) {
      case 'delivered':
        this.#answered();
        this.#sending.over('what waits in the spool is sent again');
        if (result.unencoded) {
          countLost(signal, 'failed', result.unencoded.items);
          diag.error(
            `codex-otel/provider: ${signal}: ${result.unencoded.items} in the spool are lost: ${result.unencoded.reason}`,
          );
        }
        if (result.rejectedItems) {
          countLost(signal, 'failed', Math.min(result.rejectedItems, count));
          const reason = result.message || 'no reason given';
          diag.warn(
            `codex-otel/provider: ${signal}: the collector rejected ${result.rejectedItems} from the spool: ${reason}`,
          );
        }
        await directory.remove({ name });
        return undefined;
      case 'failed':
        countLost(signal, 'failed', count);
        await directory.remove({ name });
        diag.error(`codex-otel/provider: ${signal}: ${count} in the spool were refused: ${result.reason}`);
        return undefined;
      case 'unsendable':
        countLost(signal, 'failed', count);
        await this.#setAside(name, result.reason);
        return undefined;
    }
  }

  async #dropTooOld(file: SpoolFile, count: number): Promise<void> {
    this.#troubles.delete(file.name);
    this.#options.countLost(file.signal, 'dropped', count);
    await this.#options.directory.remove(file);
    this.#tooOld.add(count);
  }

  /** `undefined` if another process has taken the batch, or if it is not valid; then it is set aside. */
  async #read(file: SpoolFile): Promise<{ readonly batch: PlainBatch; readonly count: number } | undefined> {
    try {
      const [batch] = readFrames(await this.#options.directory.read(file));
      if (isBatchOf(batch, file.signal)) return { batch, count: batchCount(batch) };
      throw new Error('it contains something other than a batch');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      // Not the file's fault: the round ends, and the next one may read it.
      if (code !== undefined && SHORT_OF.has(code)) throw error;
      await this.#setAside(file.name, errorReason(error));
      return undefined;
    }
  }

  async #setAside(name: string, reason: string): Promise<void> {
    this.#troubles.delete(name);
    await this.#options.directory.setAside({ name });
    this.#aside.add(1, `${name}: ${reason}`);
  }
}

function isBatchOf(value: unknown, signal: OtelSignal): value is PlainBatch {
  if (typeof value !== 'object' || value === null) return false;
  const { signal: own, id, items } = value as Partial<Record<keyof PlainBatch, unknown>>;
  return own === signal && typeof id === 'string' && BATCH_ID.test(id) && Array.isArray(items);
}
