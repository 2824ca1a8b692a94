import type { Signal } from '@codex-otel/otlp-collector';
import { decodeRequest, encodeResponse, grpcPath, plainRequest, SIGNALS } from '@codex-otel/otlp-collector';
import type { MethodDefinition, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { parseOtlp } from '../model/otlp-json.ts';
import { freeLoopbackPort, LOOPBACK } from './loopback.ts';
import type { ReceiverOptions } from './otlp-http.ts';

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** A running receiver. */
export interface GrpcReceiver {
  readonly port: number;
  close(): void;
}

/** Receives OTLP over gRPC on the given port or the next free one; 0 is any free port. */
export async function startOtlpGrpc(options: ReceiverOptions, wished: number): Promise<GrpcReceiver> {
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES, 'grpc.so_reuseport': 0 });
  for (const signal of SIGNALS) {
    server.addService({ export: methodOf(signal) }, { export: handler(signal, options) });
  }
  // The library prints an error if a port is taken, so it only gets a free one.
  const port = await bound(server, await freeLoopbackPort(wished));
  return { port, close: () => server.forceShutdown() };
}

function bound(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${LOOPBACK}:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error === null ? resolve(actual) : reject(error),
    );
  });
}

function methodOf(signal: Signal): MethodDefinition<Buffer, Buffer> {
  const asIs = (bytes: Buffer) => bytes;
  return {
    path: grpcPath(signal),
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

function handler(signal: Signal, { onTelemetry }: ReceiverOptions) {
  return (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void => {
    let request: object;
    try {
      request = plainRequest(decodeRequest(signal, call.request));
    } catch {
      callback({ code: status.INVALID_ARGUMENT, details: 'the message is not OTLP' });
      return;
    }
    onTelemetry(parseOtlp(request));
    callback(null, Buffer.from(encodeResponse(signal)));
  };
}
