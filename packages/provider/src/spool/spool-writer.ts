import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import type { HeldBatch, SpillResult } from '../outlet/outlet.ts';
import { encodeBatch } from '../records/encode-batch.ts';
import type { SpoolDirectory } from './spool-directory.ts';
import { spoolFileName } from './spool-file.ts';
import { SpoolTrouble } from './spool-trouble.ts';

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
  readonly #trouble = new SpoolTrouble('the spool cannot be written, telemetry waits in memory');

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
  }

  async write<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): Promise<SpillResult<SignalItems[S]>> {
    try {
      const { name, bytes, unusable } = this.#encode(signal, batch);
      const isThere = bytes === undefined || (await this.#options.directory.write(name, bytes));
      return this.#judge(isThere, unusable);
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** The same for when nothing can be awaited. */
  writeSync<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): SpillResult<SignalItems[S]> {
    try {
      const { name, bytes, unusable } = this.#encode(signal, batch);
      return this.#judge(bytes === undefined || this.#options.directory.writeSync(name, bytes), unusable);
    } catch (error) {
      return this.#failed(error);
    }
  }

  #encode<S extends OtelSignal>(signal: S, { id, items }: HeldBatch<SignalItems[S]>): EncodedFile<SignalItems[S]> {
    const { destinations, now = Date.now } = this.#options;
    const { bytes, unusable } = encodeBatch(signal, items, id);
    return { name: spoolFileName(now(), id, destinations[signal] ?? '', signal), bytes, unusable };
  }

  /** What cannot be written is lost only with a batch that is taken: one that stays may still reach the collector whole. */
  #judge<Item>(hadRoom: boolean, unusable: readonly Item[]): SpillResult<Item> {
    if (!hadRoom) return this.#failed(new Error('it is full'));
    this.#trouble.over('the spool can be written again');
    return { kind: 'taken', unusable };
  }

  #failed(error: unknown): { readonly kind: 'refused' } {
    this.#trouble.met(error);
    return { kind: 'refused' };
  }
}
