import type { OtelSignal, OtlpConnection } from '@codex-otel/config';
import { headersHelperOf } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';
import type { HeldBatch } from '../outlet/outlet.ts';
import { encodeBatch } from '../records/encode-batch.ts';
import { writeFrame } from '../records/frames.ts';
import type { Spool } from '../spool/spool.ts';
import type { HandOverConnection, HandOverHeaders } from './hand-over-payload.ts';
import { startUploader } from './uploader-process.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** One signal at the moment of a hand-over. */
export interface HandOverSource<S extends OtelSignal = OtelSignal> {
  readonly signal: S;
  readonly connection: OtlpConnection;
  /** Those of the last export, or those that never change; absent when they were never known. */
  lastHeaders(): Readonly<Record<string, string>> | undefined;
  /** Everything held; afterwards it counts as handed over. */
  drain(): readonly HeldBatch<SignalItems[S]>[];
  /** What could not be handed over after all; gives what it counts as. */
  recordLost(items: readonly SignalItems[S][]): number;
}

/** Any signal's source. */
export type AnyHandOverSource = { readonly [S in OtelSignal]: HandOverSource<S> }[OtelSignal];

/** Options for {@link handOver}. */
export interface HandOverOptions {
  /** Program and arguments of the uploader; absent: there is none, and what is queued is lost. */
  readonly command: readonly string[] | undefined;
  /** Takes the batches instead, for a sibling or the next start to send: then no uploader is started. */
  readonly spool?: Pick<Spool, 'keepSync'> | undefined;
  /** @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * Gives what is queued to a detached uploader. Synchronous, and it never throws: the process is about to end.
 * What cannot be handed over is counted as dropped and said through `diag`.
 */
export function handOver(sources: readonly AnyHandOverSource[], options: HandOverOptions): void {
  const { command, spool, maxBytes = MAX_PAYLOAD_BYTES } = options;
  if (spool === undefined && (command === undefined || command.length === 0)) {
    giveUp(sources);
    return;
  }
  const payload = new Payload(maxBytes, spool);
  for (const source of sources) {
    try {
      payload.add(source);
    } catch (error) {
      diag.error(`codex-otel: ${source.signal} could not be handed over`, error);
    }
  }
  if (payload.isEmpty) return;
  try {
    if (command === undefined) throw new Error('there is no uploader beside this program; set uploaderCommand');
    startUploader(payload.bytes(), command);
  } catch (error) {
    payload.recordLost();
    const reason = error instanceof Error ? error.message : String(error);
    diag.error(`codex-otel: what was queued at exit could not be handed over: ${reason}`);
  }
}

/**
 * Loads what a hand-over needs of Node, some 3 ms that an exit would otherwise wait for. To be called in a quiet
 * moment, not at the start.
 */
export function prepareHandOver(): void {
  writeFrame(undefined);
  process.getBuiltinModule('node:child_process');
}

/** Nobody would take it, so nothing is encoded. */
function giveUp(sources: readonly AnyHandOverSource[]): void {
  const lost = sources.map((source) => loseAll(source)).reduce((sum, items) => sum + items, 0);
  if (lost > 0)
    diag.error(`codex-otel: ${lost} queued at exit are lost: no uploader is beside this program; set uploaderCommand`);
}

function loseAll<S extends OtelSignal>(source: HandOverSource<S>): number {
  return source.recordLost(source.drain().flatMap(({ items }) => items));
}

/** What goes to the uploader: a head with the connections, then batches. */
class Payload {
  readonly #maxBytes: number;
  readonly #connections: Partial<Record<OtelSignal, HandOverConnection>> = {};
  readonly #batches: Buffer[] = [];
  readonly #undo: (() => void)[] = [];
  readonly #spool: HandOverOptions['spool'];
  #size = 0;

  constructor(maxBytes: number, spool: HandOverOptions['spool']) {
    this.#maxBytes = maxBytes;
    this.#spool = spool;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add<S extends OtelSignal>(source: HandOverSource<S>): void {
    const { signal, connection } = source;
    const batches = source.drain().filter((batch) => !this.#spooled(source, batch));
    if (batches.length === 0) return;
    const headers = headersOf(connection, source.lastHeaders());
    if (headers === undefined) {
      const lost = source.recordLost(batches.flatMap(({ items }) => items));
      diag.error(`codex-otel: ${signal}: ${lost} dropped at exit: their headers were never known`);
      return;
    }
    const { protocol, url, timeoutMillis, compression, tls } = connection;
    this.#connections[signal] = { protocol, url, timeoutMillis, compression, ...(tls && { tls }), headers };
    for (const batch of batches) this.#addBatch(source, batch);
  }

  #spooled<S extends OtelSignal>(source: HandOverSource<S>, batch: HeldBatch<SignalItems[S]>): boolean {
    const result = this.#spool?.keepSync(source.signal, batch);
    if (result?.kind !== 'taken') return false;
    source.recordLost(result.unusable);
    return true;
  }

  #addBatch<S extends OtelSignal>({ signal, recordLost }: HandOverSource<S>, batch: HeldBatch<SignalItems[S]>): void {
    const { bytes, unusable } = encodeBatch(signal, batch.items, batch.id);
    if (bytes === undefined || this.#size + bytes.length > this.#maxBytes) {
      const lost = recordLost(batch.items);
      const reason = bytes === undefined ? 'they could not be written' : 'over the limit of a payload';
      diag.error(`codex-otel: ${signal}: ${lost} dropped at exit: ${reason}`);
      return;
    }
    if (unusable.length > 0) recordLost(unusable);
    this.#size += bytes.length;
    this.#batches.push(bytes);
    const lost = new Set(unusable);
    this.#undo.push(() => recordLost(batch.items.filter((item) => !lost.has(item))));
  }

  bytes(): Buffer {
    return Buffer.concat([writeFrame({ connections: this.#connections }), ...this.#batches]);
  }

  recordLost(): void {
    for (const undo of this.#undo) undo();
  }
}

function headersOf(
  { headers }: OtlpConnection,
  values: Readonly<Record<string, string>> | undefined,
): HandOverHeaders | undefined {
  if (values !== undefined) return { kind: 'known', values: { ...values } };
  const helper = headersHelperOf(headers);
  if (helper === undefined) return undefined;
  const { command, ttlMillis, timeoutMillis } = helper;
  return {
    kind: 'command',
    helper: { command: [...command], ttlMillis, timeoutMillis, headers: { ...helper.headers } },
  };
}
