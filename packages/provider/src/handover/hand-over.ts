import type { OtelSignal, OtlpConnection } from '@codex-otel/config';
import { errorReason, headersHelperOf } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';
import { processClock } from '../outlet/clock.ts';
import type { HeldBatch } from '../outlet/outlet.ts';
import { encodeBatch } from '../records/encode-batch.ts';
import { writeFrame } from '../records/frames.ts';
import type { Spool } from '../spool/spool.ts';
import { monotonicMillis } from '../values/monotonic.ts';
import type { HandOverConnection, HandOverHeaders } from './hand-over-payload.ts';
import { exitDeadline, payloadFor } from './payload-file.ts';

/** Per signal: the size of a full queue, with what encoding adds. */
const MAX_SIGNAL_BYTES = 128 * 1024 * 1024;
/** This many batches are handed over even if the time is up, so that a short delay never loses a short queue. */
const LEAST_PIECES = 8;
/** How long an exit may be held. */
const EXIT_MILLIS = 50;
/** Starting the uploader is a fork, which takes longer the more memory this process has. */
const SPAWN_MILLIS = 12;
const SPAWN_MILLIS_PER_GIBIBYTE = 80;

/** One signal at the moment of a hand-over. */
export interface HandOverSource<S extends OtelSignal = OtelSignal> {
  readonly signal: S;
  readonly connection: OtlpConnection;
  /** The headers of the last export, or those that never change; `undefined` if they were never known. */
  lastHeaders(): Readonly<Record<string, string>> | undefined;
  /** Everything that is queued; it then counts as handed over. */
  drain(): readonly HeldBatch<SignalItems[S]>[];
  /** Counts items that could not be handed over as dropped, and gives their number. */
  recordLost(items: readonly SignalItems[S][]): number;
}

/** The source of any signal. */
export type AnyHandOverSource = { readonly [S in OtelSignal]: HandOverSource<S> }[OtelSignal];

/** Options for {@link handOver}. */
export interface HandOverOptions {
  /** Program and arguments of the uploader. If absent, there is no uploader and what is queued is lost. */
  readonly command: readonly string[] | undefined;
  /** Takes the batches instead, for another process or the next start; then no uploader is started. */
  readonly spool?: Pick<Spool, 'keepSync'> | undefined;
  /** Byte limit of each signal. @defaultValue 128 MiB */
  readonly maxBytes?: number | undefined;
}

/** A hand-over under way. */
export interface HandOver {
  /**
   * Works until the deadline, on the clock of `monotonicMillis`, in pieces that let the event loop run between them.
   */
  inPieces(deadline: number): Promise<void>;
  /** Does the rest synchronously, within the time that an exit may take. Does not throw. */
  now(): void;
}

/** Writes one batch of a signal. */
interface Piece {
  readonly isImportant: boolean;
  /** How many batches of its signal are newer. */
  readonly age: number;
  write(): void;
  lose(): void;
}

/**
 * Gives what is queued to a detached uploader, or to the spool: first the most important (turns, responses with their
 * usage, metrics), then the newest. What cannot be handed over in time is counted as dropped and reported on `diag`.
 * Nothing in it throws, since the process is about to end.
 */
export function beginHandOver(sources: readonly AnyHandOverSource[], options: HandOverOptions): HandOver {
  const { command, spool } = options;
  const startedAt = monotonicMillis();
  if (spool === undefined && (command === undefined || command.length === 0)) {
    giveUp(sources);
    return { inPieces: async () => {}, now: () => {} };
  }
  const payload = payloadFor(command ?? []);
  const lateness = new Map<OtelSignal, number>();
  const undrained = [...sources];
  const pieces: Piece[] = [];
  let written = 0;
  let isEnded = false;

  /**
   * Empties the queue of one signal: a step of its own, since emptying a full queue takes as long as writing several
   * pieces.
   */
  const drainOne = (): boolean => {
    const source = undrained.shift();
    if (source === undefined) return false;
    pieces.push(...piecesOf(source, payload.file, options, lateness));
    pieces.sort(byImportance);
    return true;
  };
  const writeOne = (isInTime: boolean): boolean => {
    const piece = isInTime || written < LEAST_PIECES ? pieces.shift() : undefined;
    if (piece === undefined) return false;
    written += 1;
    piece.write();
    return true;
  };
  const end = (isExit: boolean) => {
    if (isEnded) return;
    isEnded = true;
    for (const piece of pieces.splice(0)) piece.lose();
    for (const [signal, items] of lateness) {
      diag.error(`codex-otel/provider: ${signal}: ${items} dropped at exit: there was no time left to hand them over`);
    }
    if (!payload.isShared) payload.file.start({ isExit });
  };
  return {
    inPieces: async (deadline) => {
      const pause = () => new Promise<void>((resolve) => processClock.soon(resolve));
      while (drainOne()) await pause();
      let lastMillis = 0;
      for (;;) {
        const before = monotonicMillis();
        if (!writeOne(before + lastMillis < deadline - spawnMillis())) break;
        lastMillis = monotonicMillis() - before;
        await pause();
      }
      end(false);
    },
    now: () => {
      const deadline = (exitDeadline() ?? startedAt + EXIT_MILLIS) - spawnMillis();
      while (drainOne()) {}
      while (writeOne(monotonicMillis() < deadline)) {}
      end(true);
    },
  };
}

/** How long an exit may be held for the hand-over, in milliseconds. */
export function exitMillis(): number {
  return EXIT_MILLIS;
}

/**
 * Loads Node's modules for a hand-over, which takes about 3 ms that an exit would have to wait for. Call it in a quiet
 * moment, not at the start.
 */
export function prepareHandOver(): void {
  writeFrame(undefined);
  process.getBuiltinModule('node:child_process');
}

function spawnMillis(): number {
  return SPAWN_MILLIS + (SPAWN_MILLIS_PER_GIBIBYTE * process.memoryUsage.rss()) / 2 ** 30;
}

/** Important batches first, then the newest of each signal. */
function byImportance(one: Piece, other: Piece): number {
  return Number(other.isImportant) - Number(one.isImportant) || one.age - other.age;
}

/** There is no uploader and no spool, so nothing is encoded. */
function giveUp(sources: readonly AnyHandOverSource[]): void {
  const lost = sources.map((source) => loseAll(source)).reduce((sum, items) => sum + items, 0);
  if (lost > 0)
    diag.error(
      `codex-otel/provider: ${lost} queued at exit are lost: there is no uploader beside this program; set uploaderCommand`,
    );
}

function loseAll<S extends OtelSignal>(source: HandOverSource<S>): number {
  return source.recordLost(source.drain().flatMap(({ items }) => items));
}

/** The queued batches of a signal as pieces of a hand-over. */
function piecesOf<S extends OtelSignal>(
  source: HandOverSource<S>,
  file: ReturnType<typeof payloadFor>['file'],
  { command, spool, maxBytes = MAX_SIGNAL_BYTES }: HandOverOptions,
  lateness: Map<OtelSignal, number>,
): Piece[] {
  const { signal, connection, recordLost } = source;
  let hasHead = false;
  let size = 0;
  const drop = (batch: HeldBatch<SignalItems[S]>, reason: string) => {
    const lost = recordLost(batch.items);
    diag.error(`codex-otel/provider: ${signal}: ${lost} dropped at exit: ${reason}`);
  };

  const toUploader = (batch: HeldBatch<SignalItems[S]>) => {
    if (command === undefined) return drop(batch, 'there is no uploader beside this program; set uploaderCommand');
    const headers = headersOf(connection, source.lastHeaders());
    if (headers === undefined) return drop(batch, 'no headers for them are known, or only old ones');
    const bytes = encodeBatch(signal, batch.items, batch.id);
    if (size + bytes.length > maxBytes) return drop(batch, `over the limit of ${maxBytes} bytes of a payload`);
    if (!hasHead) file.append(writeFrame({ connections: { [signal]: plainConnection(connection, headers) } }));
    hasHead = true;
    file.append(bytes, () => recordLost(batch.items));
    size += bytes.length;
  };
  const write = (batch: HeldBatch<SignalItems[S]>) => {
    try {
      if (spool?.keepSync(signal, batch) !== 'taken') toUploader(batch);
    } catch (error) {
      drop(batch, errorReason(error));
    }
  };

  return drained(source)
    .toReversed()
    .map((batch, age) => ({
      age,
      isImportant: batch.isImportant === true || signal === 'metrics',
      write: () => write(batch),
      lose: () => lateness.set(signal, (lateness.get(signal) ?? 0) + recordLost(batch.items)),
    }));
}

function drained<S extends OtelSignal>(source: HandOverSource<S>): readonly HeldBatch<SignalItems[S]>[] {
  try {
    return source.drain();
  } catch (error) {
    diag.error(`codex-otel/provider: ${source.signal} could not be handed over`, error);
    return [];
  }
}

function plainConnection(connection: OtlpConnection, headers: HandOverHeaders): HandOverConnection {
  const { protocol, url, timeoutMillis, compression, tls } = connection;
  return { protocol, url, timeoutMillis, compression, ...(tls && { tls }), headers };
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
    env: { ...process.env },
  };
}
