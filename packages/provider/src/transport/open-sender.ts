import type { OtlpConnection } from '@codex-otel/config';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Signal } from '../outlet/outlet-report.ts';
import type { Sender } from './sender.ts';

/** What each signal's items are. */
export interface SignalItems {
  readonly traces: ReadableSpan;
  readonly logs: ReadableLogRecord;
  readonly metrics: ResourceMetrics;
}

/** Options for {@link openSender}. */
export interface OpenSenderOptions {
  /** Where proxies stand. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Opens the way of one signal to its collector. */
export type OpenSender = <S extends Signal>(
  signal: S,
  connection: OtlpConnection,
  options?: OpenSenderOptions,
) => Promise<Sender<SignalItems[S]>>;
