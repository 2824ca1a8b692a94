import { diag } from '@opentelemetry/api';
import type { HeldBatch } from '../outlet/outlet.ts';
import type { Signal } from '../outlet/outlet-report.ts';
import { encodeBatch } from '../records/encode-batch.ts';
import { errorReason } from '../transport/error-reason.ts';
import type { SignalItems } from '../transport/open-sender.ts';
import type { SpoolDirectory } from './spool-directory.ts';
import { spoolFileName } from './spool-file.ts';

/** Options for {@link SpoolWriter}. */
export interface SpoolWriterOptions {
  readonly directory: SpoolDirectory;
  /** See `destinationKey`. */
  readonly destinations: Readonly<Partial<Record<Signal, string>>>;
  /** Counts items that can be written nowhere, such as a log record with a function in its body. */
  readonly countDropped: (signal: Signal, items: number) => void;
  /** @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

/**
 * Puts batches into the spool. Where that fails (a full disk, a directory that cannot be written, the size
 * limit) the batch stays with its outlet, and it is said once.
 */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  #trouble = '';

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
  }

  /** @returns whether the spool has the batch now */
  async write<S extends Signal>(signal: S, batch: HeldBatch<SignalItems[S]>): Promise<boolean> {
    try {
      const file = this.#encode(signal, batch);
      return file === undefined || this.#judge(await this.#options.directory.write(file.name, file.bytes));
    } catch (error) {
      return this.#failed(errorReason(error));
    }
  }

  /** The same for when nothing can be awaited. */
  writeSync<S extends Signal>(signal: S, batch: HeldBatch<SignalItems[S]>): boolean {
    try {
      const file = this.#encode(signal, batch);
      return file === undefined || this.#judge(this.#options.directory.writeSync(file.name, file.bytes));
    } catch (error) {
      return this.#failed(errorReason(error));
    }
  }

  #encode<S extends Signal>(
    signal: S,
    { id, items }: HeldBatch<SignalItems[S]>,
  ): { readonly name: string; readonly bytes: Buffer } | undefined {
    const { destinations, countDropped, now = Date.now } = this.#options;
    const { bytes, unusable } = encodeBatch(signal, items, id);
    if (unusable.length > 0) countDropped(signal, unusable.length);
    if (bytes === undefined) return undefined;
    return { name: spoolFileName(now(), id, destinations[signal] ?? '', signal), bytes };
  }

  #judge(hadRoom: boolean): boolean {
    if (!hadRoom) return this.#failed('it is full');
    if (this.#trouble !== '') diag.info('codex-otel: the spool can be written again');
    this.#trouble = '';
    return true;
  }

  #failed(trouble: string): false {
    if (trouble !== this.#trouble) {
      diag.error(`codex-otel: the spool cannot be written, telemetry waits in memory: ${trouble}`);
    }
    this.#trouble = trouble;
    return false;
  }
}
