import { isIP } from 'node:net';
import { checkServerIdentity, getCACertificates } from 'node:tls';
import { isNativeError } from 'node:util/types';
import type { OtlpConnection } from '@codex-otel/config';
import { errorReason } from '@codex-otel/config';
import type { ChannelCredentials, Client, ClientOptions, Metadata, ServiceError } from '@grpc/grpc-js';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { answerText } from './answer-text.ts';
import type { GrpcLoader, GrpcPackage } from './grpc-package.ts';
import { loadGrpc, quietProxyErrors } from './grpc-package.ts';
import { GRPC_ANSWER_BYTES, grpcVerdict, httpStatusOf, isBareOk, isConnectionFailure } from './grpc-verdict.ts';
import type { HeaderAnswer, HeaderSource } from './header-source.ts';
import type { OtlpSignal } from './otlp-signal.ts';
import { proxyFor, urlCredentials } from './proxy.ts';
import { withHint } from './refusal-text.ts';
import { readRpcStatus } from './rpc-status.ts';
import type { Sender, SendOptions, SendResult } from './sender.ts';
import { BATCH_ID_HEADER, deliverAll } from './sender.ts';
import { SocketKeeper } from './socket-keeper.ts';

const UNKNOWN = 2;
const UNAUTHORIZED = new Set([7, 16]);
const GZIP = 2;
/**
 * Sent as the server name in TLS in place of an IP address. The top-level domain is reserved, so no server has this
 * name.
 */
const NO_SERVER_NAME = 'ip-address.invalid';

/** Options of {@link otlpGrpcSender}. */
export interface OtlpGrpcSenderOptions<Item> {
  readonly signal: OtlpSignal<Item>;
  readonly connection: OtlpConnection;
  readonly headers: HeaderSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly countOf: (item: Item) => number;
  readonly grpc: GrpcLoader;
}

/** A client with its sockets and calls; after a failed connection it is replaced. */
interface Channel {
  readonly client: Client;
  readonly sockets: SocketKeeper;
  calls: number;
}

/**
 * OTLP over gRPC, directly on gRPC's client. OpenTelemetry's gRPC exporters fix the metadata for the client's life, add
 * the environment's headers, and can neither cancel a call nor abandon a handshake.
 *
 * Rejects if gRPC cannot be loaded or the proxy is not supported.
 */
export async function otlpGrpcSender<Item>(options: OtlpGrpcSenderOptions<Item>): Promise<Sender<Item>> {
  const { signal, connection, headers, env, countOf } = options;
  const grpc = await loadGrpc(options.grpc);
  const url = new URL(connection.url);
  const credentials = channelCredentials(grpc, connection, url);
  const proxy = proxyFor(url, env);
  if (proxy !== undefined) quietProxyErrors(grpc);
  const { address, options: clientOptions } = target(connection, url, proxy);
  let channel: Channel | undefined;

  const open = (): Channel => {
    channel ??= { client: new grpc.Client(address, credentials, clientOptions), sockets: new SocketKeeper(), calls: 0 };
    return channel;
  };
  const drop = (dead: Channel | undefined) => {
    if (channel === dead) channel = undefined;
    dead?.client.close();
    dead?.sockets.destroy();
  };

  const call = (payload: Uint8Array, metadata: Metadata, { signal: abort, timeoutMillis }: SendOptions) =>
    new Promise<Buffer>((resolve, reject) => {
      const used = open();
      used.calls += 1;
      const end = (settle: () => void, failed: boolean) => {
        abort.removeEventListener('abort', cancel);
        used.calls -= 1;
        // A channel that lost its connection delays the next one by its own backoff.
        if (failed && used.calls === 0) drop(used);
        settle();
      };
      const request = used.sockets.run(() =>
        used.client.makeUnaryRequest(
          signal.grpcPath,
          (bytes: Buffer) => bytes,
          (bytes: Buffer) => bytes,
          Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
          metadata,
          { deadline: Date.now() + timeoutMillis },
          (error, answer) => {
            if (error) end(() => reject(error), isConnectionFailure(error.code));
            else end(() => resolve(answer ?? Buffer.alloc(0)), false);
          },
        ),
      );
      const cancel = () => request.cancel();
      abort.addEventListener('abort', cancel, { once: true });
      if (abort.aborted) cancel();
    });

  const sendOne = async (payload: Uint8Array, options: SendOptions): Promise<SendResult> => {
    let asked: HeaderAnswer;
    let metadata: Metadata;
    try {
      asked = await headers.ask(options.timeoutMillis);
      metadata = metadataOf(grpc, asked.headers);
      metadata.set(BATCH_ID_HEADER, options.batchId);
    } catch (error) {
      return { kind: 'retryable', reason: `no headers: ${errorReason(error)}` };
    }
    if (options.signal.aborted) return { kind: 'retryable', reason: 'abandoned' };
    try {
      // An export is not part of any trace: neither of our caller's nor of an instrumented client's.
      const answer = await context.with(suppressTracing(ROOT_CONTEXT), () => call(payload, metadata, options));
      return accepted(answer, asked, signal);
    } catch (error) {
      return refused(error, asked, connection);
    }
  };

  return {
    send: (items, options) =>
      deliverAll(items, { encode: (some) => signal.encode(some, 'protobuf'), countOf }, (payload) =>
        sendOne(payload, options),
      ),
    close: () => drop(channel),
  };
}

function channelCredentials({ credentials }: GrpcPackage, connection: OtlpConnection, url: URL): ChannelCredentials {
  if (url.protocol === 'http:') return credentials.createInsecure();
  const { ca, cert, key } = connection.tls ?? {};
  // As in Codex: trusted in addition to the system's over gRPC, in their place over HTTP.
  const roots = ca === undefined ? null : Buffer.from([ca, ...getCACertificates('default')].join('\n'));
  const buffer = (pem: string | undefined) => (pem === undefined ? null : Buffer.from(pem));
  // Explicit, since an environment variable can turn the default off for the whole process.
  const verify = { rejectUnauthorized: true };
  const address = ipAddressOf(url);
  return credentials.createSsl(
    roots,
    buffer(key),
    buffer(cert),
    // The certificate is for the address, not for the name that is sent in its place.
    address === undefined
      ? verify
      : { ...verify, checkServerIdentity: (_name, certificate) => checkServerIdentity(address, certificate) },
  );
}

function ipAddressOf({ hostname }: URL): string | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? undefined : address;
}

function target(
  connection: OtlpConnection,
  url: URL,
  proxy: URL | undefined,
): { readonly address: string; readonly options: ClientOptions } {
  const authority = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
  const options: ClientOptions = {
    'grpc.primary_user_agent': 'codex-otel OTel-OTLP-Exporter-JavaScript',
    'grpc.max_receive_message_length': GRPC_ANSWER_BYTES,
    // No look-ups of TXT records and no connections shared with the host's clients.
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
    // The library reads only lower-case variables, and only those of the process.
    'grpc.enable_http_proxy': 0,
    // It would name an IP address to the server, which TLS forbids and Node from 26 on refuses.
    ...(ipAddressOf(url) === undefined ? {} : { 'grpc.ssl_target_name_override': NO_SERVER_NAME }),
    ...(connection.compression === 'gzip' ? { 'grpc.default_compression_algorithm': GZIP } : {}),
  };
  if (proxy === undefined) return { address: `dns:${authority}`, options };
  if (proxy.protocol !== 'http:') throw new Error('gRPC cannot go through an https proxy');
  const credentials = urlCredentials(proxy);
  return {
    address: `dns:${proxy.hostname}:${proxy.port || 80}`,
    options: {
      ...options,
      'grpc.default_authority': authority,
      'grpc.http_connect_target': `dns:${authority}`,
      ...(credentials === undefined ? {} : { 'grpc.http_connect_creds': credentials }),
    },
  };
}

function metadataOf({ Metadata }: GrpcPackage, headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    try {
      metadata.set(name, name.toLowerCase().endsWith('-bin') ? Buffer.from(value, 'base64') : value);
    } catch {
      // The library's message quotes the value.
      throw new Error(`the header ${JSON.stringify(name)} cannot be sent over gRPC`);
    }
  }
  return metadata;
}

function accepted<Item>(answer: Buffer, asked: HeaderAnswer, signal: OtlpSignal<Item>): SendResult {
  try {
    const { rejectedItems, message } = signal.decodeProtobuf(answer);
    return { kind: 'delivered', rejectedItems, message: answerText(message, Object.values(asked.headers)) };
  } catch {
    return { kind: 'delivered', message: 'the answer could not be read' };
  }
}

function refused(error: unknown, asked: HeaderAnswer, connection: OtlpConnection): SendResult {
  if (!isServiceError(error)) return { kind: 'retryable', reason: errorReason(error) };
  // An answer that the library cannot decompress has neither code nor details, whatever its types say.
  const { code = UNKNOWN, details = 'the answer could not be read', metadata } = error;
  if (isBareOk(code, details)) return { kind: 'delivered' };
  const line = answerText(`gRPC status ${code}: ${steady(details)}`, Object.values(asked.headers));
  const reason = withHint({ connection, reason: line, status: httpStatusOf(details) });
  const [status] = metadata.get('grpc-status-details-bin');
  const retryAfterMillis = Buffer.isBuffer(status) ? readRpcStatus(status).retryAfterMillis : undefined;
  // Refused with an old token that could not be renewed; a new one may be accepted.
  if (asked.stale && UNAUTHORIZED.has(code)) return { kind: 'retryable', reason };
  return grpcVerdict(code, details, reason, retryAfterMillis);
}

/** Without parts that differ between attempts, so that the same failure is reported once. */
function steady(details: string): string {
  return details.replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)/g, '').replace(/\.? ?Resolution note:.*$/s, '');
}

function isServiceError(error: unknown): error is ServiceError {
  return isNativeError(error) && 'code' in error && 'details' in error && 'metadata' in error;
}
