import type { ClientRequest, IncomingHttpHeaders, RequestOptions } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { errorReason } from '@codex-otel/config';

/** OTLP answers have a few bytes; no more than this is read. */
const ANSWER_BYTES = 64 * 1024;

/** Starts a request: `http.request` or `https.request`. */
export type StartRequest = (options: RequestOptions) => ClientRequest;

/** The answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The other side ended an exchange that was under way, without an answer. */
export class BrokenOffError extends Error {
  override readonly name = 'BrokenOffError';
}

/**
 * One request and its whole answer. Nothing in it keeps the process alive.
 *
 * If an idle connection turns out to be closed by the other side, the request is sent again on another connection. An
 * answer that comes before the request is written ends the exchange.
 *
 * @throws the error of the connection; {@link BrokenOffError} when it was cut; after an abort, the signal's reason
 */
export async function exchange(
  start: StartRequest,
  options: RequestOptions,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  for (;;) {
    const attempt = { onIdleConnection: false };
    try {
      return await exchangeOnce(start, options, body, signal, attempt);
    } catch (error) {
      if (!attempt.onIdleConnection || signal.aborted) throw error;
    }
  }
}

function exchangeOnce(
  start: StartRequest,
  options: RequestOptions,
  body: Uint8Array,
  signal: AbortSignal,
  attempt: { onIdleConnection: boolean },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = start(options);
    let isConnected = false;
    let isSettled = false;
    /** Ends the exchange with what was received, if that is a refusal. */
    let settleEarly = (): boolean => false;
    const abandon = () => {
      reject(signal.reason);
      request.destroy();
    };
    const fail = (error: Error) => {
      if (settleEarly()) return;
      signal.removeEventListener('abort', abandon);
      reject(isConnected && isReset(error) ? new BrokenOffError(errorReason(error), { cause: error }) : error);
      request.destroy();
    };
    signal.addEventListener('abort', abandon, { once: true });
    request.on('socket', (socket) => {
      socket.unref();
      if (!socket.connecting) isConnected = true;
      else socket.once('connect', () => (isConnected = true));
    });
    request.on('error', (error) => {
      // `reusedSocket` is also true for a socket that has just answered; only a failure before an answer counts.
      attempt.onIdleConnection = request.reusedSocket && isReset(error);
      fail(error);
    });
    // When a server switches protocols, there is no error event. An error is expensive to make, and mostly not needed.
    request.on('close', () => {
      if (!isSettled) fail(new BrokenOffError('the connection ended without an answer'));
    });
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        isSettled = true;
        signal.removeEventListener('abort', abandon);
        resolve({ status, headers, body: decompressed(Buffer.concat(chunks), headers['content-encoding']) });
        // Otherwise the unwritten rest would keep the socket for as long as the server keeps it open.
        if (!request.writableFinished) request.destroy();
      };
      settleEarly = () => {
        // A server that refuses a body often does not read all of it, and closes the connection after its answer.
        if (status >= 400) finish();
        return status >= 400;
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= ANSWER_BYTES) return;
        finish();
        request.destroy();
      });
      response.on('end', finish);
      response.on('error', fail);
    });
    request.end(body);
  });
}

const DECOMPRESS = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** Some servers and proxies compress their answers unasked. A body that cannot be read counts as empty. */
function decompressed(body: Buffer, encoding = 'identity'): Buffer {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  try {
    return DECOMPRESS.get(name)?.(body, { maxOutputLength: ANSWER_BYTES }) ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || error instanceof BrokenOffError;
}
