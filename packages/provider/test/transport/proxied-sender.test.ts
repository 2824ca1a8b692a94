import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { OtlpConnection } from '@codex-otel/config';
import type { OpenSenderOptions, SendResult } from '@codex-otel/metrics/otlp';
import { openSender } from '@codex-otel/metrics/otlp';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createTestCertificates, patience } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoopbackProxy } from './loopback-proxy.ts';
import { startLoopbackProxy } from './loopback-proxy.ts';
import { sampleConnection, sampleLogRecords } from './telemetry-samples.ts';

let plain: OtlpCollector;
let secure: OtlpCollector;
let ca: string;
let proxy: LoopbackProxy;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  const certificates = await createTestCertificates();
  ca = certificates.ca.cert;
  plain = await startOtlpCollector();
  secure = await startOtlpCollector({ tls: certificates.server });
});

beforeEach(async () => {
  proxy = await startLoopbackProxy();
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await proxy.close();
  plain.clear();
  secure.clear();
});

afterAll(async () => {
  await plain.close();
  await secure.close();
});

async function sendTwice(
  collector: OtlpCollector,
  protocol: OtlpConnection['protocol'],
  env: OpenSenderOptions<never>['env'],
  connectMillis: number = patience.timeoutMillis,
): Promise<SendResult[]> {
  const url = protocol === 'grpc' ? collector.grpcUrl : `${collector.httpUrl}/v1/logs`;
  const tls = collector === secure ? { tls: { ca } } : {};
  const connection = sampleConnection(url, { protocol, timeoutMillis: connectMillis, ...tls });
  const sender = await openSender('logs', connection, { env });
  closers.push(() => sender.close());
  const send = () =>
    sender.send(sampleLogRecords(1), {
      signal: AbortSignal.timeout(patience.timeoutMillis),
      ...patience,
      batchId: 'batch-1',
    });
  return [await send(), await send()];
}

describe.each(['http/protobuf', 'grpc'] as const)('openSender behind a proxy, over %s', (protocol) => {
  it('reaches a TLS collector through a tunnel, and uses it again', async () => {
    const results = await sendTwice(secure, protocol, { HTTPS_PROXY: proxy.url });
    expect(results).toMatchObject([{ kind: 'delivered' }, { kind: 'delivered' }]);
    const { host } = new URL(protocol === 'grpc' ? secure.grpcUrl : secure.httpUrl);
    expect(proxy.asked).toEqual([`CONNECT ${host}`]);
  });

  it('reaches a plain collector', async () => {
    const results = await sendTwice(plain, protocol, { http_proxy: proxy.url });
    expect(results).toMatchObject([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(plain.logRecords()).toHaveLength(2);
    expect(proxy.asked[0]).toMatch(protocol === 'grpc' ? /^CONNECT / : /^POST http:\/\/127\.0\.0\.1:\d+\/v1\/logs$/);
  });

  it('sends credentials of the proxy only to the proxy', async () => {
    const url = proxy.url.replace('http://', 'http://me:p%40ss@');
    await sendTwice(plain, protocol, { HTTP_PROXY: url });
    expect(proxy.authorizations[0]).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(plain.requests()).toHaveLength(2);
    expect(plain.requests().every(({ headers }) => !('proxy-authorization' in headers))).toBe(true);
  });

  it('bypasses the proxy if NO_PROXY says so', async () => {
    const results = await sendTwice(plain, protocol, { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    expect(results).toMatchObject([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(proxy.asked).toEqual([]);
  });

  it('does not bypass a proxy that refuses', async () => {
    proxy.refuseWith(407);
    const [result] = await sendTwice(secure, protocol, { HTTPS_PROXY: proxy.url });
    expect(result?.kind).toBe('retryable');
    expect(secure.requests()).toHaveLength(0);
  });

  it('does not bypass a proxy that is down', async () => {
    const url = proxy.url;
    await proxy.close();
    const [result] = await sendTwice(secure, protocol, { HTTPS_PROXY: url });
    expect(result?.kind).toBe('retryable');
    expect(secure.requests()).toHaveLength(0);
  });
});

describe('openSender behind a proxy, over HTTP', () => {
  it.each([201, 299])('treats %d as an open tunnel', async (status) => {
    proxy.openWith(status);
    const [result] = await sendTwice(secure, 'http/protobuf', { HTTPS_PROXY: proxy.url });
    expect(result).toMatchObject({ kind: 'delivered' });
  });

  it.each([
    ['never answers', () => undefined, 'the proxy does not answer', 100],
    ['ends the connection', (socket: Socket) => socket.end(), /./, undefined],
    [
      'switches protocols',
      (socket: Socket) => socket.write('HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      /./,
      undefined,
    ],
    ['speaks something else', (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'), /./, undefined],
  ])('gives up a proxy that %s', async (_what, onData, reason, connectMillis) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => onData(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [result] = await sendTwice(secure, 'http/protobuf', { HTTPS_PROXY: url }, connectMillis);
    expect(result).toMatchObject({ kind: 'retryable', reason: expect.stringMatching(reason) });
    expect(result).not.toMatchObject({ reason: 'abandoned' });
  });
});
