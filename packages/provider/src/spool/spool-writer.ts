import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { errorReason } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';
import type { HeldBatch, SpillResult } from '../outlet/outlet.ts';
import { encodeBatch } from '../records/encode-batch.ts';
import type { SpoolDirectory } from './spool-directory.ts';
import { spoolFileName } from './spool-file.ts';

/** Options for {@link SpoolWriter}. */
export interface SpoolWriterOptions {
  readonly directory: SpoolDirectory;
  /** See `destinationKey`. */
  readonly destinations: Readonly<Partial<Record<OtelSignal, string>>>;
  /** @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

/** A batch as a file; without items that can be written there is no file. */
interface EncodedFile<Item> {
  readonly name: string;
  readonly bytes: Buffer | undefined;
  /** Items that can be written nowhere, such as a log record with a function in its body. */
  readonly unusable: readonly Item[];
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

  async write<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): Promise<SpillResult<SignalItems[S]>> {
    try {
      const { name, bytes, unusable } = this.#encode(signal, batch);
      const isThere = bytes === undefined || (await this.#options.directory.write(name, bytes));
      return this.#judge(isThere, unusable);
    } catch (error) {
      return this.#failed(errorReason(error));
    }
  }

  /** The same for when nothing can be awaited. */
  writeSync<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): SpillResult<SignalItems[S]> {
    try {
      const { name, bytes, unusable } = this.#encode(signal, batch);
      return this.#judge(bytes === undefined || this.#options.directory.writeSync(name, bytes), unusable);
    } catch (error) {
      return this.#failed(errorReason(error));
    }
  }

  #encode<S extends OtelSignal>(signal: S, { id, items }: HeldBatch<SignalItems[S]>): EncodedFile<SignalItems[S]> {
    const { destinations, now = Date.now } = this.#options;
    const { bytes, unusable } = encodeBatch(signal, items, id);
    return { name: spoolFileName(now(), id, destinations[signal] ?? '', signal), bytes, unusable };
  }

  /** What cannot be written is lost only with a batch that is taken: one that stays may still reach the collector whole. */
  #judge<Item>(hadRoom: boolean, unusable: readonly Item[]): SpillResult<Item> {
    if (!hadRoom) return this.#failed('it is full');
    if (this.#trouble !== '') diag.info('codex-otel: the spool can be written again');
    this.#trouble = '';
    return { kind: 'taken', unusable };
  }

  #failed(trouble: string): { readonly kind: 'refused' } {
    if (trouble !== this.#trouble) {
      diag.error(`codex-otel: the spool cannot be written, telemetry waits in memory: ${trouble}`);
    }
    this.#trouble = trouble;
    return { kind: 'refused' };
  }
}
