import type { Behaviour } from './behaviour.ts';
import { createAnswers, isConnectionBehaviour } from './behaviour.ts';
import type { CollectorTls } from './collector-tls.ts';
import { startGrpcReceiver } from './grpc-receiver.ts';
import { startHttpReceiver } from './http-receiver.ts';
import type { ReceivedLogRecord } from './received-log-record.ts';
import type { ReceivedMetric } from './received-metric.ts';
import type { ReceivedSpan } from './received-span.ts';
import type { Signal } from './signal.ts';
import type { ReceivedRequest } from './store.ts';
import { createStore } from './store.ts';

/** Options for {@link startOtlpCollector}. */
export interface OtlpCollectorOptions {
  /** Speaks TLS on both ports. @defaultValue plain text */
  readonly tls?: CollectorTls | undefined;
  /** Listens for gRPC too. @defaultValue true */
  readonly grpc?: boolean | undefined;
  /** Paths that do not end in a signal's name. Others are recognised without being listed here. */
  readonly paths?: Readonly<Record<string, Signal>> | undefined;
}

/** A running OTLP receiver on free ports of the loopback interface. Everything is returned in order of arrival. */
export interface OtlpCollector {
  /** Base address of OTLP/HTTP, without path. */
  readonly httpUrl: string;
  /** Address of OTLP/gRPC; the same as {@link httpUrl}'s host with another port. Empty when not asked for. */
  readonly grpcUrl: string;
  spans(): readonly ReceivedSpan[];
  logRecords(): readonly ReceivedLogRecord[];
  metrics(): readonly ReceivedMetric[];
  requests(): readonly ReceivedRequest[];
  /**
   * Calls `read` after each arrival, and resolves with its result once that is neither `undefined` nor false.
   *
   * @throws when the time is over (by default a minute, since on a busy machine an uploader's start takes seconds);
   * the message counts what arrived.
   */
  waitFor<T>(
    read: (collector: OtlpCollector) => T | undefined | false,
    options?: { readonly timeoutMillis?: number | undefined },
  ): Promise<T>;
  /** What to do from now on; resolves when that applies. `{ kind: 'answer' }` ends all earlier behaviours. */
  behave(behaviour: Behaviour): Promise<void>;
  /** Forgets what arrived. */
  clear(): void;
  /** Ends at once, and closes every open connection. */
  close(): Promise<void>;
}

/** Starts a receiver for all three signals. */
export async function startOtlpCollector(options: OtlpCollectorOptions = {}): Promise<OtlpCollector> {
  const { tls, grpc = true, paths = {} } = options;
  const answers = createAnswers();
  const store = createStore();
  const http = await startHttpReceiver({ answers, store, tls, paths });
  const grpcListener = grpc ? await startGrpcReceiver({ answers, store, tls }) : undefined;
  const listeners = grpcListener === undefined ? [http] : [http, grpcListener];
  const scheme = tls === undefined ? 'http' : 'https';
  let meetsConnections = false;

  const collector: OtlpCollector = {
    httpUrl: `${scheme}://127.0.0.1:${http.port}`,
    grpcUrl: grpcListener === undefined ? '' : `${scheme}://127.0.0.1:${grpcListener.port}`,
    spans: store.spans,
    logRecords: store.logRecords,
    metrics: store.metrics,
    requests: store.requests,
    waitFor(read, { timeoutMillis = 60_000 } = {}) {
      return new Promise((resolve, reject) => {
        const stop = store.onArrival(look);
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`not seen within ${timeoutMillis} ms; ${summary(collector)}`));
        }, timeoutMillis);
        look();

        function look(): void {
          try {
            const found = read(collector);
            if (found === undefined || found === false) return;
            stop();
            clearTimeout(timer);
            resolve(found);
          } catch (error) {
            stop();
            clearTimeout(timer);
            reject(error);
          }
        }
      });
    },
    async behave(behaviour) {
      if (isConnectionBehaviour(behaviour)) {
        meetsConnections = true;
        await Promise.all(listeners.map((listener) => listener.behave(behaviour)));
        return;
      }
      answers.set(behaviour);
      if (!meetsConnections) return;
      meetsConnections = false;
      await Promise.all(listeners.map((listener) => listener.behave(undefined)));
    },
    clear: store.clear,
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
  return collector;
}

function summary(collector: OtlpCollector): string {
  const counts = [
    `${collector.requests().length} requests`,
    `${collector.spans().length} spans`,
    `${collector.logRecords().length} log records`,
    `${collector.metrics().length} metrics`,
  ];
  return `arrived: ${counts.join(', ')}`;
}
