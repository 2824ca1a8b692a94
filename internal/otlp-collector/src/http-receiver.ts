import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { AnswerBehaviour, Answers } from './behaviour.ts';
import { takesData } from './behaviour.ts';
import type { CollectorTls } from './collector-tls.ts';
import type { ExportRequest } from './definitions.ts';
import { decodeRequest, encodeResponse, parseRequest, stringifyResponse } from './definitions.ts';
import type { Listener } from './listener.ts';
import { listen } from './listener.ts';
import { encodeRpcStatus, grpcCodeOfHttpStatus } from './rpc-status.ts';
import type { Signal } from './signal.ts';
import { SIGNALS } from './signal.ts';
import type { ReceivedRequest, Store } from './store.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const MAX_BODY_BYTES = 256 * 1024 * 1024;
const unzip = promisify(gunzip);

/** What is known about a request before its body is decoded. */
type RequestFacts = Omit<ReceivedRequest, 'outcome'>;

/** Receives OTLP over HTTP, protobuf or JSON, on a free port. */
export async function startHttpReceiver(options: {
  readonly answers: Answers;
  readonly store: Store;
  readonly tls: CollectorTls | undefined;
  readonly paths: Readonly<Record<string, Signal>>;
}): Promise<Listener> {
  const { answers, store, tls, paths } = options;
  const server = createHttpServer(tls, (request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  return listen((socket) => server.emit('connection', socket));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const signal = paths[path] ?? SIGNALS.find((name) => path.endsWith(`/${name}`));
    const encoding = request.headers['content-encoding'] ?? 'identity';
    const facts: RequestFacts = {
      transport: 'http',
      signal,
      method: request.method ?? '',
      path,
      headers: plainHeaders(request),
      contentType: request.headers['content-type'],
      encoding,
      bodyBytes: body.length,
      decodedBytes: body.length,
      receivedAtUnixMillis: Date.now(),
      clientCertificateSubject: clientCertificateSubject(request),
    };
    const contentType = request.headers['content-type']?.split(';')[0]?.trim();
    const refuse = (status: number, message: string) => {
      store.add({ ...facts, outcome: 'malformed' }, undefined);
      sendStatus(response, contentType, status, message, {});
    };

    if (signal === undefined) return refuse(404, `no signal at ${path}`);
    if (request.method !== 'POST') return refuse(405, `method ${request.method}`);
    if (contentType !== PROTOBUF && contentType !== JSON_TYPE) return refuse(415, `content type ${contentType}`);
    if (encoding !== 'gzip' && encoding !== 'identity') return refuse(415, `content encoding ${encoding}`);
    let decodedBytes: number;
    let data: ExportRequest;
    try {
      const decoded = encoding === 'gzip' ? await unzip(body, { maxOutputLength: MAX_BODY_BYTES }) : body;
      decodedBytes = decoded.length;
      data = contentType === JSON_TYPE ? parseRequest(signal, decoded.toString()) : decodeRequest(signal, decoded);
    } catch (error) {
      return refuse(400, String(error));
    }
    const behaviour = answers.next(signal);
    store.add({ ...facts, decodedBytes, outcome: behaviour.kind }, takesData(behaviour) ? data : undefined);
    answer(response, signal, contentType, behaviour);
  }
}

function answer(response: ServerResponse, signal: Signal, contentType: string, behaviour: AnswerBehaviour): void {
  const healthy = (partialSuccess?: { readonly rejected: number; readonly message: string }) => {
    response.writeHead(200, { 'content-type': contentType });
    response.end(
      contentType === JSON_TYPE ? stringifyResponse(signal, partialSuccess) : encodeResponse(signal, partialSuccess),
    );
  };
  switch (behaviour.kind) {
    case 'answer':
      healthy();
      return;
    case 'partial-success':
      healthy(behaviour);
      return;
    case 'delay': {
      const timer = setTimeout(healthy, behaviour.delayMillis);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    case 'hang':
      return;
    case 'hang-after-headers':
      response.writeHead(200, { 'content-type': contentType });
      response.flushHeaders();
      return;
    case 'trickle': {
      response.writeHead(200, { 'content-type': contentType });
      response.flushHeaders();
      const timer = setInterval(() => response.write(' '), behaviour.intervalMillis);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case 'garbage':
      response.writeHead(200, { 'content-type': contentType });
      response.end(Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x22, 0xff, 0xff]));
      return;
    case 'reset-mid-body':
      response.writeHead(200, { 'content-type': contentType, 'content-length': 64 });
      response.write(Buffer.alloc(32, 0x20), () => response.socket?.resetAndDestroy());
      return;
    case 'status': {
      const { code, retryAfter, headers } = behaviour;
      const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      sendStatus(response, contentType, code, `set to answer ${code}`, { ...headers, ...retry });
      return;
    }
  }
}

/** OTLP's error answer: a `google.rpc.Status` in the encoding of the request. */
function sendStatus(
  response: ServerResponse,
  contentType: string | undefined,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>>,
): void {
  const json = contentType === JSON_TYPE;
  const code = grpcCodeOfHttpStatus(status);
  response.writeHead(status, { ...headers, 'content-type': json ? JSON_TYPE : PROTOBUF });
  response.end(json ? JSON.stringify({ code, message }) : encodeRpcStatus(code, message));
}

function createHttpServer(
  tls: CollectorTls | undefined,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (tls === undefined) return createServer(onRequest);
  const requestCert = tls.requireClientCertificate ?? false;
  return createTlsServer({ cert: tls.cert, key: tls.key, ca: tls.ca, requestCert }, onRequest).on(
    'tlsClientError',
    (_error, socket) => socket.destroy(),
  );
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function plainHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(request.headersDistinct);
  return Object.fromEntries(entries.map(([name, values]) => [name, (values ?? []).join(', ')]));
}

function clientCertificateSubject(request: IncomingMessage): string | undefined {
  if (!(request.socket instanceof TLSSocket)) return undefined;
  const subject = request.socket.getPeerX509Certificate()?.subject;
  return subject;
}
