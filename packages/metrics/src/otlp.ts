import type { OtelSignal, OtlpConnection } from '@codex-otel/config';
import type { Sender } from './otlp/sender.ts';
import type { OpenSenderOptions } from './otlp/sender-options.ts';
import type { SignalItems } from './otlp/signal-items.ts';

export type { GrpcLoader } from './otlp/grpc-package.ts';
export { requireGrpc } from './otlp/grpc-package.ts';
export type { HeaderAnswer, HeaderSource } from './otlp/header-source.ts';
export { headerSource } from './otlp/header-source.ts';
export type { Sender, SendOptions, SendResult } from './otlp/sender.ts';
export type { OpenSenderOptions } from './otlp/sender-options.ts';
export type {
  PlainLink,
  PlainLogRecord,
  PlainMetrics,
  PlainResource,
  PlainSpan,
  PlainSpanContext,
  SignalItems,
} from './otlp/signal-items.ts';
export type { Unencoded } from './otlp/usable-items.ts';

/**
 * Opens a sender for one signal. Serialisers and the HTTP client load with this call.
 *
 * Rejects if a package is missing or the connection contradicts itself.
 */
export async function openSender<S extends OtelSignal>(
  signal: S,
  connection: OtlpConnection,
  options: OpenSenderOptions<SignalItems[S]> = {},
): Promise<Sender<SignalItems[S]>> {
  const { otlpSender } = await import('./otlp/otlp-sender.ts');
  return otlpSender(signal, connection, options);
}

/** Opens a sender that writes one signal to this process's standard output. */
export async function openConsoleSender<S extends OtelSignal>(
  signal: S,
  countOf?: (item: SignalItems[S]) => number,
): Promise<Sender<SignalItems[S]>> {
  const { consoleSender } = await import('./otlp/console-sender.ts');
  return consoleSender(signal, countOf);
}
