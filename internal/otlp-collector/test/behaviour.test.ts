import { gzipSync } from 'node:zlib';
import type { ServiceError } from '@grpc/grpc-js';
import { Client, credentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OtlpCollector } from '../src/index.ts';
import { startOtlpCollector } from '../src/index.ts';

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector();
});
afterEach(() => collector.close());

/** For what must happen, however busy the machine is. */
const patienceMillis = 60_000;

const oneSpan = JSON.stringify({
  resourceSpans: [
    { scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'one', attributes: [] }] }] },
  ],
});

function post(
  options: {
    path?: string;
    body?: string | Uint8Array<ArrayBuffer>;
    headers?: Record<string, string>;
    timeoutMillis?: number;
    signal?: AbortSignal;
  } = {},
) {
  const { path = '/v1/traces', body = oneSpan, headers = {}, timeoutMillis = patienceMillis } = options;
  return fetch(collector.httpUrl + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    signal: options.signal ?? AbortSignal.timeout(timeoutMillis),
  });
}

/** An empty export over gRPC: the answer's bytes, or the error. */
async function call(service = 'trace.v1.TraceService', timeoutMillis = patienceMillis): Promise<Buffer | ServiceError> {
  const client = new Client(new URL(collector.grpcUrl).host, credentials.createInsecure());
  const pass = (bytes: Buffer) => bytes;
  const path = `/opentelemetry.proto.collector.${service}/Export`;
  try {
    return await new Promise((resolve) => {
      const deadline = Date.now() + timeoutMillis;
      client.makeUnaryRequest<Buffer, Buffer>(path, pass, pass, Buffer.alloc(0), { deadline }, (error, answer) =>
        resolve(error ?? answer ?? Buffer.alloc(0)),
      );
    });
  } finally {
    client.close();
  }
}

/** The codes of a call whose connection ends: which of the two depends on how much of the end the client sees. */
const brokenOff = [status.CANCELLED, status.UNAVAILABLE];

function codeOf(outcome: unknown): unknown {
  return typeof outcome === 'object' && outcome !== null && 'code' in outcome ? outcome.code : undefined;
}

/** Whether nothing happens for a moment. On a slow machine nothing happens either, so this never fails by chance. */
function isSilent(answer: Promise<unknown>): Promise<boolean> {
  const moment = new Promise<boolean>((resolve) => setTimeout(resolve, 50, true));
  return Promise.race([answer.then(() => false), moment]);
}

describe('a healthy collector', () => {
  it('answers in the encoding of the request and keeps its details', async () => {
    const response = await post({ body: Uint8Array.from(gzipSync(oneSpan)), headers: { 'content-encoding': 'gzip' } });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({});
    expect(collector.spans().map((span) => span.name)).toEqual(['one']);
    expect(collector.requests()).toEqual([
      expect.objectContaining({
        path: '/v1/traces',
        contentType: 'application/json',
        encoding: 'gzip',
        bodyBytes: gzipSync(oneSpan).length,
        decodedBytes: oneSpan.length,
      }),
    ]);
  });

  it.each([
    ['no signal', { path: '/v1/profiles' }, 404],
    ['an unknown content type', { headers: { 'content-type': 'text/plain' } }, 415],
    ['an unknown encoding', { headers: { 'content-encoding': 'br' } }, 415],
    ['a body that is not gzip', { headers: { 'content-encoding': 'gzip' } }, 400],
    ['a body that is not JSON', { body: '{' }, 400],
    ['ids that are not hexadecimal', { body: oneSpan.replace('aaaa', 'zzzz') }, 400],
    ['a body that is not protobuf', { headers: { 'content-type': 'application/x-protobuf' } }, 400],
  ])('refuses %s', async (_reason, request, status) => {
    expect((await post(request)).status).toBe(status);
    expect(collector.requests()).toEqual([expect.objectContaining({ outcome: 'malformed' })]);
    expect(collector.spans()).toEqual([]);
  });

  it('accepts a path that was configured for a signal', async () => {
    await collector.close();
    collector = await startOtlpCollector({ grpc: false, paths: { '/ingest': 'traces' } });
    await post({ path: '/ingest' });
    expect(collector.spans()).toHaveLength(1);
  });
});

describe('behave over HTTP', () => {
  it('delays', async () => {
    await collector.behave({ kind: 'delay', delayMillis: 60 });
    const before = performance.now();
    expect((await post()).status).toBe(200);
    // Timers are set in whole milliseconds.
    expect(performance.now() - before).toBeGreaterThan(58);
  });

  it('hangs', async () => {
    await collector.behave({ kind: 'hang' });
    const leaving = new AbortController();
    const answer = post({ signal: leaving.signal });
    await collector.waitFor((it) => it.requests().length === 1);
    expect(await isSilent(answer)).toBe(true);
    leaving.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(collector.spans()).toEqual([]);
  });

  it('hangs after the headers', async () => {
    await collector.behave({ kind: 'hang-after-headers' });
    const leaving = new AbortController();
    const response = await post({ signal: leaving.signal });
    expect(response.status).toBe(200);
    const body = response.text();
    expect(await isSilent(body)).toBe(true);
    leaving.abort();
    await expect(body).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('trickles', async () => {
    await collector.behave({ kind: 'trickle', intervalMillis: 5 });
    const response = await post();
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toEqual(Uint8Array.of(0x20));
    expect((await reader?.read())?.value).toEqual(Uint8Array.of(0x20));
    await reader?.cancel();
  });

  it('answers garbage', async () => {
    await collector.behave({ kind: 'garbage' });
    const response = await post();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toMatchObject({ name: 'SyntaxError' });
  });

  it('answers a status with Retry-After', async () => {
    await collector.behave({ kind: 'status', code: 503, retryAfter: 2, headers: { 'x-more': 'yes' } });
    const response = await post();
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(response.headers.get('x-more')).toBe('yes');
    expect(await response.json()).toEqual({ code: 14, message: 'set to answer 503' });
    expect(collector.spans()).toEqual([]);
  });

  it('answers partial success', async () => {
    await collector.behave({ kind: 'partial-success', rejected: 3, message: 'too many' });
    const response = await post();
    expect(await response.json()).toEqual({ partialSuccess: { rejectedSpans: '3', errorMessage: 'too many' } });
  });

  it('resets in the middle of the body', async () => {
    await collector.behave({ kind: 'reset-mid-body' });
    const outcome = post().then((response) => response.text());
    await expect(outcome).rejects.toMatchObject({ message: expect.stringMatching(/terminated|fetch failed/) });
  });

  it('refuses connections, and later listens again on the same port', async () => {
    await collector.behave({ kind: 'refuse' });
    await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });

    await collector.behave({ kind: 'answer' });
    expect((await post()).status).toBe(200);
  });

  it('accepts connections and sends nothing', async () => {
    await collector.behave({ kind: 'hang-on-connect' });
    await expect(post({ timeoutMillis: 30 })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(collector.requests()).toEqual([]);
  });

  it('sends bytes that are not HTTP', async () => {
    await collector.behave({ kind: 'garbage-on-connect' });
    await expect(post()).rejects.toMatchObject({ cause: { name: 'HTTPParserError' } });
  });

  it('can be limited to one signal, and to a number of requests', async () => {
    await collector.behave({ kind: 'status', code: 500, signal: 'logs' });
    await collector.behave({ kind: 'status', code: 429, times: 1 });
    const codes: number[] = [];
    for (const path of ['/v1/traces', '/v1/traces', '/v1/logs']) {
      codes.push((await post({ path, body: '{}' })).status);
    }
    expect(codes).toEqual([429, 200, 500]);
  });
});

describe('behave over gRPC', () => {
  it('answers', async () => {
    expect(await call()).toEqual(Buffer.alloc(0));
    expect(await call('logs.v1.LogsService')).toEqual(Buffer.alloc(0));
    expect(await call('metrics.v1.MetricsService')).toEqual(Buffer.alloc(0));
    expect(collector.requests().map(({ signal, encoding }) => [signal, encoding])).toEqual([
      ['traces', 'identity'],
      ['logs', 'identity'],
      ['metrics', 'identity'],
    ]);
  });

  it('answers partial success', async () => {
    await collector.behave({ kind: 'partial-success', rejected: 2, message: 'no' });
    expect(await call()).toEqual(Buffer.from([0x0a, 6, 0x08, 2, 0x12, 2, 0x6e, 0x6f]));
  });

  it.each(['hang', 'hang-after-headers'] as const)('does not finish: %s', async (kind) => {
    await collector.behave({ kind });
    expect(await call(undefined, 60)).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  it('answers a status, with how long to wait', async () => {
    await collector.behave({ kind: 'status', code: 429, retryAfter: 1.5 });
    const error = await call();
    expect(error).toMatchObject({ code: 8 });
    const [details] = 'metadata' in error ? error.metadata.get('grpc-status-details-bin') : [];
    expect(details?.toString('latin1')).toContain('type.googleapis.com/google.rpc.RetryInfo');
  });

  it('answers garbage', async () => {
    await collector.behave({ kind: 'garbage' });
    expect(await call()).toEqual(Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x22, 0xff, 0xff]));
  });

  it('resets in the middle', async () => {
    await collector.behave({ kind: 'reset-mid-body' });
    expect(brokenOff).toContain(codeOf(await call()));
  });

  it('refuses connections', async () => {
    await collector.behave({ kind: 'refuse' });
    expect(await call()).toMatchObject({ code: status.UNAVAILABLE });
    expect(collector.requests()).toEqual([]);
    await collector.behave({ kind: 'answer' });
    expect(await call()).toEqual(Buffer.alloc(0));
  });
});

describe('close', () => {
  it('ends what hangs', async () => {
    await collector.behave({ kind: 'hang' });
    const hanging = Promise.allSettled([post(), call()]);
    await collector.waitFor((it) => it.requests().length === 2);
    await collector.close();
    const [http, grpc] = await hanging;
    expect(http).toMatchObject({ status: 'rejected', reason: { message: 'fetch failed' } });
    expect(brokenOff).toContain(codeOf(grpc?.status === 'fulfilled' ? grpc.value : undefined));
  });
});
