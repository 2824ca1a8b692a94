import type { ClientRequest, IncomingHttpHeaders, RequestOptions } from 'node:http';

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

/**
 * One request and its whole answer. Nothing in it keeps the process alive.
 *
 * A connection that had been idle may have been closed by the other side meanwhile: then it is tried once
 * more, on another one.
 *
 * @throws the error of the connection; after an abort, the signal's reason
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
    let answered = false;
    const abandon = () => {
      reject(signal.reason);
      request.destroy();
    };
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', abandon);
      reject(error);
      request.destroy();
    };
    signal.addEventListener('abort', abandon, { once: true });
    request.on('socket', (socket) => socket.unref());
    request.on('error', (error) => {
      // `reusedSocket` is true also for one that has just answered: only what it does before an answer counts.
      attempt.onIdleConnection = request.reusedSocket && isReset(error);
      fail(error);
    });
    // A server that switches protocols is cut off without an error.
    request.on('close', () => {
      if (!answered) fail(new Error('the connection ended without an answer'));
    });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        signal.removeEventListener('abort', abandon);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
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

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
