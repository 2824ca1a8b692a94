import type { OtelSignal, OtlpConnection } from '@codex-otel/config';
import { grpcBeside } from './grpc-package.ts';
import { headerSource } from './header-source.ts';
import { otlpHttpSender } from './otlp-http-sender.ts';
import { otlpSignalOf } from './otlp-signal.ts';
import type { Sender } from './sender.ts';
import type { OpenSenderOptions } from './sender-options.ts';
import type { SignalItems } from './signal-items.ts';

/** This module loads the serialisers and the HTTP client; gRPC is loaded only for a gRPC connection. */
export async function otlpSender<S extends OtelSignal>(
  signal: S,
  connection: OtlpConnection,
  given: OpenSenderOptions<SignalItems[S]>,
): Promise<Sender<SignalItems[S]>> {
  const { env = process.env, headers = headerSource(connection), countOf = () => 1, grpc = grpcBeside } = given;
  const options = { signal: otlpSignalOf(signal), connection, headers, env, countOf };
  if (connection.protocol !== 'grpc') return otlpHttpSender(options);
  const { otlpGrpcSender } = await import('./otlp-grpc-sender.ts');
  return otlpGrpcSender({ ...options, grpc });
}
