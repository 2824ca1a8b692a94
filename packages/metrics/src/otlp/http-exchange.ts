import type { ClientRequest, IncomingHttpHeaders, RequestOptions } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { errorReason } from '@codex-otel/config';

/** OTLP answers are a few bytes; what comes after this many is not read. */
const ANSWER_BYTES = 64 * 1024;

/** Starts a request; `http.request` or `https.request`. */
export type StartRequest = (options: RequestOptions) => ClientRequest;

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The other side cut an exchange that was under way, without an answer. */
export class BrokenOffError extends Error {
  override readonly name = 'BrokenOffError';
}

/**
 * One request and its whole answer. Nothing in it keeps the process alive.
 *
 * A connection that had been idle may have been closed by the other side meanwhile: then it is tried once
 * more, on another one. An answer that comes before the request was written ends the exchange: nobody reads the rest.
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
    /** Ends the exchange with what has come, where a refusal has. */
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
      // `reusedSocket` is true also for one that has just answered: only what it does before an answer counts.
      attempt.onIdleConnection = request.reusedSocket && isReset(error);
      fail(error);
    });
    // A server that switches protocols is cut off without an error. After an answer this changes nothing.
    request.on('close', () => fail(new BrokenOffError('the connection ended without an answer')));
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        signal.removeEventListener('abort', abandon);
        resolve({ status, headers, body: decompressed(Buffer.concat(chunks), headers['content-encoding']) });
        // What is still to be written would stay, with its socket, for as long as the server keeps that open.
        if (!request.writableFinished) request.destroy();
      };
      settleEarly = () => {
        // A server that refuses a body often does not read it to the end, and cuts the connection after its answer.
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

/** Some servers and proxies compress their answers unasked. What cannot be read is left out: people are shown the rest. */
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
