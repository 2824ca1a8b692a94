import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { OtlpConnection } from '@codex-otel/config';
import { errorReason } from '@codex-otel/config';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { answerText } from './answer-text.ts';
import type { HeaderAnswer, HeaderSource } from './header-source.ts';
import type { HttpAnswer } from './http-exchange.ts';
import { BrokenOffError, exchange } from './http-exchange.ts';
import type { Acceptance, OtlpSignal } from './otlp-signal.ts';
import { basicAuthorization, proxyFor } from './proxy.ts';
import { firstLine, withHint } from './refusal-text.ts';
import { parseRetryAfter } from './retry-after.ts';
import { readRpcStatus } from './rpc-status.ts';
import type { Sender, SendOptions, SendResult } from './sender.ts';
import { BATCH_ID_HEADER, deliverAll } from './sender.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** OTLP's list of answers after which the same batch may pass. */
const RETRYABLE = new Set([429, 502, 503, 504]);
/** The proxy refuses. It is retried, as a proxy that refuses a tunnel is. */
const PROXY_REFUSES = 407;
const UNAUTHORIZED = new Set([401, 403]);
/** Answers that refuse the request's content, for instance as too large. A part of it may pass. */
const REFUSED = new Set([400, 413, 422]);
/** The outlet limits concurrent requests; this many idle connections are kept. */
const IDLE_CONNECTIONS = 8;
const compress = promisify(gzip);
/** An export is not part of any trace: neither of our caller's nor of an instrumented client's. */
const UNTRACED = suppressTracing(ROOT_CONTEXT);

/** Options of {@link otlpHttpSender}. */
export interface OtlpHttpSenderOptions<Item> {
  readonly signal: OtlpSignal<Item>;
  readonly connection: OtlpConnection;
  readonly headers: HeaderSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly countOf: (item: Item) => number;
}

/**
 * OTLP over HTTP on Node's own client, which loads in a tenth of the time of other clients and whose sockets can be
 * kept from holding the process.
 *
 * @throws if the connection contradicts itself, for instance a client certificate for an `http` URL
 */
export function otlpHttpSender<Item>(options: OtlpHttpSenderOptions<Item>): Sender<Item> {
  const { signal, connection, headers, env, countOf } = options;
  const url = new URL(connection.url);
  const { agent, start } = client(connection, url, proxyFor(url, env));
  const format = connection.protocol === 'http/json' ? 'json' : 'protobuf';

  const post = async (payload: Uint8Array, own: Readonly<Record<string, string>>, options: SendOptions) => {
    const gzipped = connection.compression === 'gzip';
    const body = gzipped ? await compress(payload) : payload;
    const requestHeaders = {
      'user-agent': 'codex-otel OTel-OTLP-Exporter-JavaScript',
      ...lowerCase(own),
      [BATCH_ID_HEADER]: options.batchId,
      'content-type': format === 'json' ? 'application/json' : 'application/x-protobuf',
      'content-length': body.length,
      ...(gzipped ? { 'content-encoding': 'gzip' } : {}),
    };
    return context.with(UNTRACED, () =>
      exchange((request) => start({ ...request, headers: requestHeaders }), {}, body, options.signal),
    );
  };

  const sendOne = async (payload: Uint8Array, options: SendOptions): Promise<SendResult> => {
    let asked: HeaderAnswer;
    try {
      asked = await headers.ask(options.timeoutMillis);
    } catch (error) {
      return { kind: 'retryable', reason: `no headers: ${errorReason(error)}` };
    }
    try {
      const answer = await post(payload, asked.headers, options);
      return judge(answer, asked, signal, connection);
    } catch (error) {
      if (options.signal.aborted) return { kind: 'retryable', reason: 'abandoned' };
      const reason = withHint({ connection, reason: errorReason(error) });
      return { kind: 'retryable', reason, ...(error instanceof BrokenOffError && { brokenOff: 'reset' }) };
    }
  };

  return {
    send: (items, options) =>
      deliverAll(items, { encode: (some) => signal.encode(some, format), countOf }, (payload) =>
        sendOne(payload, options),
      ),
    close: () => agent.destroy(),
  };
}

function client(
  connection: OtlpConnection,
  url: URL,
  proxy: URL | undefined,
): { readonly agent: http.Agent; start(options: http.RequestOptions): http.ClientRequest } {
  const { tls, timeoutMillis } = connection;
  const keepAlive = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS };
  const target = {
    method: 'POST',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
  };

  if (url.protocol === 'https:') {
    // Explicit, since an environment variable can turn the default off for the whole process.
    const security = { ...tls, rejectUnauthorized: true, ...keepAlive };
    const agent =
      proxy === undefined
        ? new https.Agent(security)
        : new TunnelAgent({ ...security, proxy, connectTimeoutMillis: timeoutMillis });
    return { agent, start: (options) => https.request({ ...target, ...options, agent }) };
  }
  if (url.protocol !== 'http:') throw new Error(`OTLP/HTTP needs an http:// or https:// URL, found ${url.protocol}//`);
  if (tls?.cert !== undefined || tls?.key !== undefined) {
    throw new Error('a client certificate needs an https endpoint');
  }
  if (proxy === undefined) {
    const agent = new http.Agent(keepAlive);
    return { agent, start: (options) => http.request({ ...target, ...options, agent }) };
  }
  const proxied = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port,
    path: `${url.protocol}//${url.host}${target.path}`,
  };
  const authorization = basicAuthorization(proxy);
  const secure = proxy.protocol === 'https:';
  const agent = secure ? new https.Agent({ ...keepAlive, rejectUnauthorized: true }) : new http.Agent(keepAlive);
  const request = secure ? https.request : http.request;
  return {
    agent,
    start: (options) =>
      request({
        ...target,
        ...proxied,
        ...options,
        agent,
        headers: {
          ...options.headers,
          host: url.host,
          ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
        },
      }),
  };
}

function judge<Item>(
  { status, headers, body }: HttpAnswer,
  asked: HeaderAnswer,
  signal: OtlpSignal<Item>,
  connection: OtlpConnection,
): SendResult {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const secrets = Object.values(asked.headers);
  if (status >= 200 && status < 300) {
    if (isWebPage(type, body)) {
      return { kind: 'retryable', reason: 'a web page answered, not a collector' };
    }
    const { rejectedItems, message } = accepted(type, body, signal);
    return { kind: 'delivered', rejectedItems, message: answerText(message, secrets) };
  }
  const said = statusMessage(type, body);
  const line = answerText(`HTTP ${status}${said === '' ? '' : `: ${said}`}`, secrets);
  const reason = withHint({ connection, reason: line, status, location: headers.location });
  if (RETRYABLE.has(status) || status === PROXY_REFUSES) {
    const retryAfterMillis = parseRetryAfter(headers['retry-after'], Date.now());
    return { kind: 'retryable', reason, ...(retryAfterMillis === undefined ? {} : { retryAfterMillis }) };
  }
  // Refused with an old token that could not be renewed; a new one may be accepted.
  if (asked.stale && UNAUTHORIZED.has(status)) return { kind: 'retryable', reason };
  return { kind: REFUSED.has(status) ? 'refused' : 'failed', reason };
}

/** For instance the sign-in page of a network or gateway, with or without a content type. */
function isWebPage(type: string | undefined, body: Buffer): boolean {
  if (type === 'text/html') return body.includes('<');
  return /^\s*<(?:(?:!doctype html|html|head|\?xml)\b|!--)/i.test(textOf(body.subarray(0, 256)));
}

/** A 2xx status is an acceptance, whatever the body says. */
function accepted<Item>(type: string | undefined, body: Buffer, signal: OtlpSignal<Item>): Acceptance {
  const nothing = { rejectedItems: 0, message: '' };
  if (body.length === 0) return nothing;
  try {
    if (type === 'application/x-protobuf') return signal.decodeProtobuf(body);
    if (type === 'application/json') return signal.readJson(JSON.parse(textOf(body)));
    return nothing;
  } catch {
    return { rejectedItems: 0, message: 'the answer could not be read' };
  }
}

/** A collector refuses with a `google.rpc.Status` in the format of the request; the body of a proxy may be anything. */
function statusMessage(type: string | undefined, body: Buffer): string {
  if (type === 'application/x-protobuf') return readRpcStatus(body).message;
  const text = textOf(body);
  return (type === 'application/json' ? jsonMessage(text) : undefined) ?? firstLine(text, isWebPage(type, body));
}

/** The body as text. The decoder removes a byte-order mark, which `Buffer.toString` would keep. */
function textOf(body: Buffer): string {
  return new TextDecoder().decode(body);
}

function jsonMessage(text: string): string | undefined {
  try {
    const status: unknown = JSON.parse(text);
    if (typeof status !== 'object' || status === null) return undefined;
    const { message, error }: { readonly message?: unknown; readonly error?: unknown } = status;
    const { message: nested }: { readonly message?: unknown } = Object(error);
    return [message, error, nested].find((each) => typeof each === 'string');
  } catch {
    return undefined;
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
