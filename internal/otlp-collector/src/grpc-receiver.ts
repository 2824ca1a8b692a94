import type { MethodDefinition, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { Metadata, Server, ServerCredentials, ServerInterceptingCall } from '@grpc/grpc-js';
import type { AnswerBehaviour, Answers } from './behaviour.ts';
import { takesData } from './behaviour.ts';
import type { CollectorTls } from './collector-tls.ts';
import type { ExportRequest, PartialSuccess } from './definitions.ts';
import { decodeRequest, encodeResponse, grpcPath } from './definitions.ts';
import type { Listener } from './listener.ts';
import { listen } from './listener.ts';
import { encodeRpcStatus, grpcCodeOfHttpStatus } from './rpc-status.ts';
import type { Signal } from './signal.ts';
import { SIGNALS } from './signal.ts';
import type { ReceivedRequest, Store } from './store.ts';

const INVALID_ARGUMENT = 3;
/** Carries the request's compression from the interceptor, which sees it, to the handler, which does not. */
const ENCODING_KEY = 'x-collector-encoding';

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;

/** Receives OTLP over gRPC on a free port. */
export async function startGrpcReceiver(options: {
  readonly answers: Answers;
  readonly store: Store;
  readonly tls: CollectorTls | undefined;
}): Promise<Listener> {
  const { answers, store, tls } = options;
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    interceptors: [
      (_method, call) =>
        new ServerInterceptingCall(call, {
          start: (next) =>
            next({
              onReceiveMetadata(metadata, pass) {
                const encoding: unknown = Reflect.get(call, 'incomingEncoding');
                metadata.set(ENCODING_KEY, typeof encoding === 'string' ? encoding : 'identity');
                pass(metadata);
              },
              onReceiveMessage: (message, pass) => pass(message),
              onReceiveHalfClose: (pass) => pass(),
              onCancel: () => undefined,
            }),
        }),
    ],
  });
  const timers = new Set<NodeJS.Timeout>();
  for (const signal of SIGNALS) {
    const path = grpcPath(signal);
    const definition: MethodDefinition<Buffer, Buffer> = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: (bytes) => bytes,
      requestDeserialize: (bytes) => bytes,
      responseSerialize: (bytes) => bytes,
      responseDeserialize: (bytes) => bytes,
    };
    server.addService({ export: definition }, { export: handler(signal, path) });
  }
  const injector = server.createConnectionInjector(credentials(tls));
  const listener = await listen((socket) => injector.injectConnection(socket));
  return {
    ...listener,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      injector.destroy();
      server.forceShutdown();
      await listener.close();
    },
  };

  function handler(signal: Signal, path: string): (call: UnaryCall, callback: sendUnaryData<Buffer>) => void {
    return (call, callback) => {
      const facts: Omit<ReceivedRequest, 'outcome'> = {
        transport: 'grpc',
        signal,
        method: 'POST',
        path,
        headers: plainMetadata(call.metadata),
        contentType: undefined,
        encoding: call.metadata.get(ENCODING_KEY).join(),
        bodyBytes: call.request.length,
        decodedBytes: call.request.length,
        receivedAtUnixMillis: Date.now(),
        clientCertificateSubject: clientCertificateSubject(call),
      };
      let data: ExportRequest;
      try {
        data = decodeRequest(signal, call.request);
      } catch (error) {
        store.add({ ...facts, outcome: 'malformed' }, undefined);
        callback({ code: INVALID_ARGUMENT, details: String(error) });
        return;
      }
      const behaviour = answers.next(signal);
      store.add({ ...facts, outcome: behaviour.kind }, takesData(behaviour) ? data : undefined);
      answer(call, callback, signal, behaviour);
    };
  }

  function answer(call: UnaryCall, callback: sendUnaryData<Buffer>, signal: Signal, behaviour: AnswerBehaviour): void {
    const healthy = (partialSuccess?: PartialSuccess) =>
      callback(null, Buffer.from(encodeResponse(signal, partialSuccess)));
    switch (behaviour.kind) {
      case 'answer':
        healthy();
        return;
      case 'partial-success':
        healthy(behaviour);
        return;
      case 'delay': {
        const timer = setTimeout(() => {
          timers.delete(timer);
          healthy();
        }, behaviour.delayMillis);
        timers.add(timer);
        return;
      }
      case 'hang':
        return;
      case 'hang-after-headers':
      case 'trickle':
        call.sendMetadata(new Metadata());
        return;
      case 'garbage':
        callback(null, Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x22, 0xff, 0xff]));
        return;
      case 'reset-mid-body': {
        call.sendMetadata(new Metadata());
        const peer = call.getPeer();
        setImmediate(() => listener.reset(peer));
        return;
      }
      case 'status': {
        const code = behaviour.grpcCode ?? grpcCodeOfHttpStatus(behaviour.code);
        const details = `set to answer ${behaviour.code}`;
        const metadata = new Metadata();
        if (typeof behaviour.retryAfter === 'number') {
          metadata.set('grpc-status-details-bin', Buffer.from(encodeRpcStatus(code, details, behaviour.retryAfter)));
        }
        callback({ code, details, metadata });
        return;
      }
    }
  }
}

function credentials(tls: CollectorTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const ca = tls.ca === undefined ? null : Buffer.from(tls.ca);
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) };
  return ServerCredentials.createSsl(ca, [pair], tls.requireClientCertificate ?? false);
}

function plainMetadata(metadata: Metadata): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata.toHttp2Headers()).filter(([name]) => name !== ENCODING_KEY);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function clientCertificateSubject(call: UnaryCall): string | undefined {
  const certificate = call.getAuthContext().sslPeerCertificate;
  if (certificate === undefined || certificate.subject === undefined) return undefined;
  return Object.entries(certificate.subject)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
