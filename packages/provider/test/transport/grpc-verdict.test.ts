import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { SendResult } from '@codex-otel/metrics/otlp';
import { openSender } from '@codex-otel/metrics/otlp';
import { patience } from '@codex-otel/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sampleLogRecords } from './telemetry-samples.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function sendTo(port: number, { timeoutMillis }: { timeoutMillis: number } = patience): Promise<SendResult> {
  const sender = await openSender('logs', {
    protocol: 'grpc',
    url: `http://127.0.0.1:${port}`,
    headers: async () => ({}),
    timeoutMillis,
    compression: 'none',
  });
  closers.push(() => sender.close());
  return sender.send(sampleLogRecords(1), {
    signal: AbortSignal.timeout(timeoutMillis),
    timeoutMillis,
    batchId: 'batch',
  });
}

/** The outcome of a batch at an HTTP/2 server that answers a call like this. */
async function answered(
  answer: (stream: ServerHttp2Stream) => void,
  wait?: { timeoutMillis: number },
): Promise<SendResult> {
  const server = http2.createServer();
  server.on('session', (session) => session.on('error', () => {}));
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => {});
    answer(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return sendTo((server.address() as AddressInfo).port, wait);
}

function page(status: number, type = 'text/html', body = '<html><h1>Sign in</h1></html>') {
  return (stream: ServerHttp2Stream) => {
    const headers: IncomingHttpHeaders = { ':status': String(status), 'content-type': type };
    stream.respond(headers);
    stream.end(body);
  };
}

function status(code: number) {
  return (stream: ServerHttp2Stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(code) },
      { endStream: true },
    );
  };
}

describe('an answer over gRPC', () => {
  it.each([
    ['a web page', page(200)],
    ['JSON', page(200, 'application/json', '{}')],
    ['a web page with 502', page(502)],
    ['GOAWAY for an error', (stream: ServerHttp2Stream) => stream.session?.goaway(2)],
    ['ENHANCE_YOUR_CALM', (stream: ServerHttp2Stream) => stream.close(11)],
    ['ENHANCE_YOUR_CALM for the connection', (stream: ServerHttp2Stream) => stream.session?.goaway(11)],
    ['a proxy that demands credentials', page(407)],
    ['429 of a gateway', page(429)],
    ['a stream that is cut', (stream: ServerHttp2Stream) => stream.close(2)],
    ['UNAVAILABLE', status(14)],
  ])('is retryable: %s', async (_what, answer) => {
    expect(await answered(answer)).toMatchObject({ kind: 'retryable' });
  });

  it('is retryable if none comes after GOAWAY', async () => {
    const result = await answered((stream) => stream.session?.goaway(0), { timeoutMillis: 300 });
    expect(result).toMatchObject({ kind: 'retryable' });
  });

  it.each([
    ['413', page(413)],
    ['400', page(400)],
    ['INVALID_ARGUMENT', status(3)],
    ['RESOURCE_EXHAUSTED', status(8)],
  ])('refuses what was sent: %s', async (_what, answer) => {
    expect(await answered(answer)).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['404', page(404)],
    ['a redirect', page(302)],
    ['500', page(500)],
    ['UNIMPLEMENTED', status(12)],
    ['INTERNAL', status(13)],
  ])('is final: %s', async (_what, answer) => {
    expect(await answered(answer)).toMatchObject({ kind: 'failed' });
  });

  it.each([
    ['404', page(404), '4317'],
    ['a redirect', page(302), 'redirects are not followed'],
    ['a proxy that demands credentials', page(407), 'user and a password'],
  ])('says what to change: %s', async (_what, answer, hint) => {
    expect(await answered(answer)).toMatchObject({ reason: expect.stringContaining(hint) });
  });

  it.each([401, 413, 429, 503])('gives no hint about the port: %d', async (code) => {
    expect(await answered(page(code))).toMatchObject({ reason: expect.not.stringContaining('4317') });
  });

  it('counts as a delivery if it is OK and no more, as over HTTP', async () => {
    expect(await answered(status(0))).toEqual({ kind: 'delivered' });
  });

  it.each([['zstd'], [undefined]])('cannot be read if it is compressed, with the encoding %s', async (encoding) => {
    const compressed = (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-encoding': encoding });
      stream.end(Buffer.from([1, 0, 0, 0, 1, 0]));
    };
    const reason = 'gRPC status 2: the answer could not be read';
    expect(await answered(compressed)).toEqual({ kind: 'failed', reason });
  });

  it('distinguishes a call that broke off from a server that is down', async () => {
    expect(await answered((stream) => stream.close(2))).toMatchObject({ brokenOff: 'reset' });
    expect(await sendTo(1)).toEqual({ kind: 'retryable', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('says what may be wrong when the server speaks HTTP/1.1', async () => {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const result = await sendTo((server.address() as AddressInfo).port);
    expect(result).toMatchObject({ kind: 'retryable', reason: expect.stringContaining('4317') });
  });
});
