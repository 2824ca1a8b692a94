import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Signal } from '@codex-otel/otlp-collector';
import { decodeRequest, encodeResponse, plainRequest, SIGNALS, stringifyResponse } from '@codex-otel/otlp-collector';
import { parseOtlp } from '../model/otlp-json.ts';
import type { Telemetry } from '../model/telemetry.ts';
import { isLoopbackHost } from './loopback.ts';

/** What a receiver uses. */
export interface ReceiverOptions {
  readonly onTelemetry: (telemetry: Telemetry) => void;
}

/** Options of {@link createOtlpHttpServer}. */
export interface OtlpHttpOptions extends ReceiverOptions {
  /** Origins of pages that may send, e.g. `http://localhost:5173`. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
}

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const unzip = promisify(gunzip);

/** A refusal, with the HTTP status for it. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Receives OTLP over HTTP, protobuf or JSON, plain or gzip. */
export function createOtlpHttpServer(options: OtlpHttpOptions): Server {
  return createServer((request, response) => {
    void receive(request, response, options).catch((error: unknown) => {
      if (response.headersSent || !(error instanceof Refusal)) response.destroy();
      // The client is refused before it has sent everything, so the connection cannot be reused.
      else response.writeHead(error.status, { 'content-type': 'text/plain', connection: 'close' }).end(error.message);
    });
  });
}

async function receive(request: IncomingMessage, response: ServerResponse, options: OtlpHttpOptions): Promise<void> {
  if (!isLoopbackHost(request.headers.host))
    throw new Refusal(403, 'this receiver only accepts requests to 127.0.0.1 and localhost');
  const { origin } = request.headers;
  const isAllowedPage = origin !== undefined && (options.allowedOrigins ?? []).includes(origin);
  if (origin !== undefined && !isAllowedPage) throw new Refusal(403, 'pages of this origin may not send here');
  if (isAllowedPage) response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'origin');
  if (request.method === 'OPTIONS' && isAllowedPage) {
    response.setHeader('access-control-allow-methods', 'POST').setHeader('access-control-max-age', '600');
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
    response.writeHead(204).end();
    return;
  }
  if (request.method !== 'POST') throw new Refusal(405, 'OTLP is sent by POST');
  const signal = signalOf(request.url ?? '/');
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== PROTOBUF && type !== JSON_TYPE) throw new Refusal(415, `expected ${PROTOBUF} or ${JSON_TYPE}`);
  const body = await decodedBody(request);
  options.onTelemetry(parseOtlp(type === JSON_TYPE ? parseJson(body) : decodeProtobuf(signal, body)));
  response.writeHead(200, { 'content-type': type });
  response.end(type === JSON_TYPE ? stringifyResponse(signal) : encodeResponse(signal));
}

function signalOf(url: string): Signal {
  const path = new URL(url, 'http://localhost').pathname;
  const signal = SIGNALS.find((name) => path.endsWith(`/${name}`));
  if (signal === undefined) throw new Refusal(404, 'expected /v1/traces, /v1/logs or /v1/metrics');
  return signal;
}

async function decodedBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') throw new Refusal(415, 'expected gzip or no content encoding');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Refusal(413, `at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (encoding === 'identity') return body;
  try {
    return await unzip(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    throw new Refusal(400, 'the body is not gzip, or is too large when unpacked');
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}

function decodeProtobuf(signal: Signal, body: Buffer): unknown {
  try {
    return plainRequest(decodeRequest(signal, body));
  } catch {
    throw new Refusal(400, 'the body is not OTLP');
  }
}
