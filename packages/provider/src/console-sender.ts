import type { Writable } from 'node:stream';
import { JsonLogsSerializer, JsonMetricsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Signal } from './outlet/outlet-report.ts';
import type { SignalItems } from './transport/open-sender.ts';
import type { Sender, SendResult } from './transport/sender.ts';

type Serialize<S extends Signal> = (items: readonly SignalItems[S][]) => Uint8Array | undefined;

const serializers: { readonly [S in Signal]: Serialize<S> } = {
  traces: (spans) => JsonTraceSerializer.serializeRequest([...spans]),
  logs: (records) => JsonLogsSerializer.serializeRequest([...records]),
  metrics: ([metrics]) => metrics && JsonMetricsSerializer.serializeRequest(metrics),
};

/**
 * Writes each batch as one line of OTLP JSON, the format of OpenTelemetry's stdout exporter.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export function consoleSender<S extends Signal>(signal: S, output: Writable = process.stdout): Sender<SignalItems[S]> {
  const serialize: Serialize<S> = serializers[signal];
  return {
    send: (items) =>
      new Promise<SendResult>((resolve) => {
        const line = serialize(items);
        if (line === undefined) return resolve({ kind: 'failed', reason: 'the batch could not be written as JSON' });
        output.write(`${Buffer.from(line).toString()}\n`, (error) => {
          resolve(error ? { kind: 'failed', reason: error.message } : { kind: 'delivered' });
        });
      }),
    close: () => {},
  };
}
