import type { AnswerBehaviour } from './behaviour.ts';
import type { ExportRequest } from './definitions.ts';
import { plainRequest } from './definitions.ts';
import type { RawLogs, ReceivedLogRecord } from './received-log-record.ts';
import { receivedLogRecords } from './received-log-record.ts';
import type { RawMetrics, ReceivedMetric } from './received-metric.ts';
import { receivedMetrics } from './received-metric.ts';
import type { RawTraces, ReceivedSpan } from './received-span.ts';
import { receivedSpans } from './received-span.ts';
import type { Signal } from './signal.ts';

/** One request as it was received. */
export interface ReceivedRequest {
  readonly transport: 'http' | 'grpc';
  /** `undefined` if the path is not an OTLP path. */
  readonly signal: Signal | undefined;
  readonly method: string;
  readonly path: string;
  /** Lower-case names; several values of one name joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` over gRPC, where it is always the same. */
  readonly contentType: string | undefined;
  /** `identity` if the request names none. */
  readonly encoding: string;
  /** Size as sent; over gRPC, where the library does not report it, as {@link decodedBytes}. */
  readonly bodyBytes: number;
  /** Size once decompressed. */
  readonly decodedBytes: number;
  readonly receivedAtUnixMillis: number;
  /** Subject of the client's certificate. */
  readonly clientCertificateSubject: string | undefined;
  /** How it was answered: with a behaviour, or why it was refused as malformed. */
  readonly outcome: AnswerBehaviour['kind'] | 'malformed';
}

/** Everything that arrived, in order. Decoded telemetry is brought into its final shape when first asked for. */
export interface Store {
  /** Adds a request; with the data, when it was taken. */
  add(request: ReceivedRequest, data: ExportRequest | undefined): void;
  clear(): void;
  requests(): readonly ReceivedRequest[];
  spans(): readonly ReceivedSpan[];
  logRecords(): readonly ReceivedLogRecord[];
  metrics(): readonly ReceivedMetric[];
  /** Calls back after each arrival; returns how to stop. */
  onArrival(listener: () => void): () => void;
}

export function createStore(): Store {
  const listeners = new Set<() => void>();
  let requests: ReceivedRequest[] = [];
  let waiting: { readonly data: ExportRequest; readonly requestIndex: number }[] = [];
  let spans: ReceivedSpan[] = [];
  let logRecords: ReceivedLogRecord[] = [];
  let metrics: ReceivedMetric[] = [];

  const shape = () => {
    for (const { data, requestIndex } of waiting) {
      // The casts hold by the generated definitions: each signal's message has the shape of its Raw type.
      const plain = plainRequest(data);
      switch (data.signal) {
        case 'traces':
          for (const span of receivedSpans(plain as RawTraces, requestIndex)) spans.push(span);
          break;
        case 'logs':
          for (const record of receivedLogRecords(plain as RawLogs, requestIndex)) logRecords.push(record);
          break;
        case 'metrics':
          for (const metric of receivedMetrics(plain as RawMetrics, requestIndex)) metrics.push(metric);
          break;
      }
    }
    waiting = [];
  };

  return {
    add(request, data) {
      requests.push(request);
      if (data !== undefined) waiting.push({ data, requestIndex: requests.length - 1 });
      for (const listener of [...listeners]) listener();
    },
    clear() {
      requests = [];
      waiting = [];
      spans = [];
      logRecords = [];
      metrics = [];
    },
    requests: () => [...requests],
    spans() {
      shape();
      return [...spans];
    },
    logRecords() {
      shape();
      return [...logRecords];
    },
    metrics() {
      shape();
      return [...metrics];
    },
    onArrival(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
