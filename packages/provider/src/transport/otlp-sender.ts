import type { OtelSignal, OtlpConnection } from '@codex-otel/config';
import { headerSource } from './header-source.ts';
import type { OpenSenderOptions, SignalItems } from './open-sender.ts';
import { otlpHttpSender } from './otlp-http-sender.ts';
import { otlpSignalOf } from './otlp-signal.ts';
import type { Sender } from './sender.ts';

export { headerSource };

/**
 * Opens the way of one signal to its collector.
 *
 * This module brings the serialisers and the HTTP client with it: load it at the first export, not before.
 * gRPC is loaded only for a gRPC connection.
 *
 * Rejects where there is no way: a package is missing, or the connection contradicts itself.
 */
export async function openSender<S extends OtelSignal>(
  signal: S,
  connection: OtlpConnection,
  { env = process.env, headers = headerSource(connection) }: OpenSenderOptions = {},
): Promise<Sender<SignalItems[S]>> {
  const options = { signal: otlpSignalOf(signal), connection, headers, env };
  if (connection.protocol !== 'grpc') return otlpHttpSender(options);
  const { otlpGrpcSender } = await import('./otlp-grpc-sender.ts');
  return otlpGrpcSender(options);
}
