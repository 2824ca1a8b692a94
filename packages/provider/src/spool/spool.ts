import path from 'node:path';
import type { OtelSignal, OtlpConnection, SpoolSettings } from '@codex-otel/config';
import { errorReason } from '@codex-otel/config';
import type { Sender, SignalItems } from '@codex-otel/metrics/otlp';
import { Circuit } from '../outlet/circuit.ts';
import type { Clock } from '../outlet/clock.ts';
import { processClock } from '../outlet/clock.ts';
import { LazySender } from '../outlet/lazy-sender.ts';
import type { HeldBatch, SpillResult } from '../outlet/outlet.ts';
import { batchCount, isSendable } from '../records/encode-batch.ts';
import { itemMeasures } from '../values/item-size.ts';
import { sendInHalves } from './send-in-halves.ts';
import { SpoolAgeing } from './spool-ageing.ts';
import type { SpoolResult, SpoolRoute } from './spool-delivery.ts';
import { SpoolDelivery } from './spool-delivery.ts';
import { SpoolDirectory } from './spool-directory.ts';
import { destinationKey } from './spool-file.ts';
import { SpoolToken } from './spool-token.ts';
import { SpoolWriter } from './spool-writer.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_AGE_MILLIS = 7 * 24 * 3_600_000;
/** Batches of earlier processes wait until the program has started. */
const START_MILLIS = 250;

/** Items of a signal that were lost in the spool, in data points, records or spans. */
export interface SpoolLosses {
  /** Too old. */
  readonly dropped: number;
  /** Finally refused. */
  readonly failed: number;
}

/** Keeps batches on disk for a collector that cannot accept them now. */
export interface Spool {
  /** Registers a signal, whose batches are then kept and sent. */
  connect<S extends OtelSignal>(signal: SpooledSignal<S>): void;
  keep<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): Promise<SpillResult>;
  /** {@link Spool.keep} without waiting, for an exit. */
  keepSync<S extends OtelSignal>(signal: S, batch: HeldBatch<SignalItems[S]>): SpillResult;
  collectorAnswers(): void;
  losses(signal: OtelSignal): SpoolLosses;
  close(): void;
}

/** A signal whose batches are spooled. */
export interface SpooledSignal<S extends OtelSignal = OtelSignal> {
  readonly signal: S;
  readonly connection: OtlpConnection;
  openSender(): Promise<Sender<SignalItems[S]>>;
}

/**
 * Opens the spool of a provider. Nothing is read or written before the first batch or before the program has started.
 */
export function openSpool(
  { directory, maxBytes = MAX_BYTES, maxAgeMillis = MAX_AGE_MILLIS }: SpoolSettings,
  codexHome: string,
  clock: Clock = processClock,
): Spool {
  const folder = new SpoolDirectory({ directory: directory ?? path.join(codexHome, 'otel-spool'), maxBytes });
  const losses = {
    traces: { dropped: 0, failed: 0 },
    logs: { dropped: 0, failed: 0 },
    metrics: { dropped: 0, failed: 0 },
  };
  const destinations: Partial<Record<OtelSignal, string>> = {};
  const routes: SpoolRoute[] = [];
  const writer = new SpoolWriter({ directory: folder, destinations });
  const delivery = new SpoolDelivery({
    directory: folder,
    token: new SpoolToken(folder.path),
    ageing: new SpoolAgeing(folder.path),
    routes,
    maxAgeMillis,
    circuit: new Circuit(Math.random),
    clock,
    countLost: (signal, reason, items) => {
      losses[signal][reason] += items;
    },
  });
  delivery.beginAfter(START_MILLIS);

  return {
    connect: (signal) => {
      const destination = destinationKey(signal.connection);
      destinations[signal.signal] = destination;
      routes.push(routeOf(signal, destination));
    },
    keep: async (signal, batch) => {
      const result = await writer.write(signal, batch);
      if (result === 'taken') delivery.batchArrived();
      return result;
    },
    keepSync: (signal, batch) => writer.writeSync(signal, batch),
    collectorAnswers: () => delivery.collectorAnswers(),
    losses: (signal) => losses[signal],
    close: () => delivery.close(),
  };
}

function routeOf<S extends OtelSignal>(
  { signal, connection, openSender }: SpooledSignal<S>,
  destination: string,
): SpoolRoute {
  const sender = new LazySender(openSender, errorReason);
  return {
    destination,
    signal,
    send: async (batch, { inParts }): Promise<SpoolResult> => {
      if (!isSendable(batch)) return { kind: 'unsendable', reason: 'its items are not of a shape that can be sent' };
      const items = batch.items as readonly SignalItems[S][];
      const { timeoutMillis } = connection;
      const whole = { id: batch.id, items, bytes: 0, count: batchCount(batch), firstPlace: 0 };
      return await sendInHalves(whole, itemMeasures[signal], async (part) => {
        const abort = AbortSignal.timeout(timeoutMillis);
        const result = await sender.send(part.items, { signal: abort, timeoutMillis, batchId: part.id });
        const isRefusal = inParts && result.kind === 'retryable' && result.brokenOff !== undefined;
        return isRefusal ? { kind: 'refused', reason: result.reason } : result;
      });
    },
  };
}
