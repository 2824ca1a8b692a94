import type { Writable } from 'node:stream';
import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '../transport/open-sender.ts';
import { otlpSignalOf } from '../transport/otlp-signal.ts';
import type { Sender, SendResult } from '../transport/sender.ts';
import { deliverAll } from '../transport/sender.ts';

/**
 * Writes each batch as one line of OTLP JSON, the format of OpenTelemetry's stdout exporter.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export function consoleSender<S extends OtelSignal>(
  signal: S,
  output: Writable = process.stdout,
): Sender<SignalItems[S]> {
  const { encode, countOf } = otlpSignalOf(signal);
  const writeLine = (line: Uint8Array) =>
    new Promise<SendResult>((resolve) => {
      output.write(`${Buffer.from(line).toString()}\n`, (error) => {
        resolve(error ? { kind: 'failed', reason: error.message } : { kind: 'delivered' });
      });
    });
  return {
    send: (items) => deliverAll(items, { encode: (some) => encode(some, 'json'), countOf }, writeLine),
    close: () => {},
  };
}
