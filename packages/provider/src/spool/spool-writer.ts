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
}

/**
 * Writes batches into the spool. If that fails (a full disk, a directory that is not writable, the size limit), the
 * batch stays in its outlet, and the failure is reported once.
 */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  readonly #trouble = new SpoolTrouble('the spool cannot be written, telemetry waits in memory');

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
  }

  async write<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): Promise<SpillResult> {
    try {
      const { name, bytes } = this.#encode(signal, batch);
      return this.#judge(await this.#options.directory.write(name, bytes));
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** {@link SpoolWriter.write} without waiting, for an exit. */
  writeSync<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): SpillResult {
    try {
      const { name, bytes } = this.#encode(signal, batch);
      return this.#judge(this.#options.directory.writeSync(name, bytes));
    } catch (error) {
      return this.#failed(error);
    }
  }

  #encode<S extends OtelSignal>(
    signal: S,
    { id, items }: HeldBatch<SignalItems[S]>,
  ): { readonly name: string; readonly bytes: Buffer } {
    const destination = this.#options.destinations[signal];
    if (destination === undefined) throw new Error(`no collector of ${signal} is known`);
    const name = spoolFileName(Date.now(), id, destination, signal);
    return { name, bytes: encodeBatch(signal, items, id) };
  }

  #judge(hadRoom: boolean): SpillResult {
    if (!hadRoom) return this.#failed(new Error('it is full'));
    this.#trouble.over('the spool can be written again');
    return 'taken';
  }

  #failed(error: unknown): 'refused' {
    this.#trouble.met(error);
    return 'refused';
  }
}
