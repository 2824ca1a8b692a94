import type { Writable } from 'node:stream';
import type { OtelSignal } from '@codex-otel/config';
import { writeUnlessClosed } from '@codex-otel/config';
import { otlpSignalOf } from './otlp-signal.ts';
import type { Sender, SendResult } from './sender.ts';
import { deliverAll } from './sender.ts';
import type { SignalItems } from './signal-items.ts';

/**
 * Writes each batch as one line of OTLP JSON, the format of OpenTelemetry's stdout exporter.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export function consoleSender<S extends OtelSignal>(
  signal: S,
  countOf: (item: SignalItems[S]) => number = () => 1,
  output: Writable = process.stdout,
): Sender<SignalItems[S]> {
  const { encode } = otlpSignalOf(signal);
  const writeLine = (line: Uint8Array) =>
    new Promise<SendResult>((resolve) => {
      writeUnlessClosed(output, `${Buffer.from(line).toString()}\n`, (error) => {
        resolve(error ? { kind: 'failed', reason: error.message } : { kind: 'delivered' });
      });
    });
  return {
    send: (items) => deliverAll(items, { encode: (some) => encode(some, 'json'), countOf }, writeLine),
    close: () => {},
  };
}
