import { request } from 'node:https';
import type { TestCertificates } from '@codex-otel/testing';
import { createTestCertificates } from '@codex-otel/testing';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { OtlpCollector } from '../src/index.ts';
import { startOtlpCollector } from '../src/index.ts';

let certificates: TestCertificates;
let collector: OtlpCollector | undefined;

beforeAll(async () => {
  certificates = await createTestCertificates();
});
afterEach(() => collector?.close());

async function start(requireClientCertificate: boolean): Promise<OtlpCollector> {
  const { server, ca } = certificates;
  collector = await startOtlpCollector({ tls: { ...server, ca: ca.cert, requireClientCertificate } });
  return collector;
}

function post(url: string, client: { cert?: string; key?: string } = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, ca: certificates.ca.cert };
    const sent = request(`${url}/v1/logs`, { ...options, ...client, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject).end('{}');
  });
}

function call(url: string, client: { cert?: string; key?: string } = {}): Promise<unknown> {
  const pem = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  const channel = credentials.createSsl(pem(certificates.ca.cert), pem(client.key), pem(client.cert));
  const stub = new Client(new URL(url).host, channel, { 'grpc.ssl_target_name_override': 'localhost' });
  const pass = (bytes: Buffer) => bytes;
  const path = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
  return new Promise((resolve) => {
    stub.makeUnaryRequest<Buffer, Buffer>(
      path,
      pass,
      pass,
      Buffer.alloc(0),
      { deadline: Date.now() + 60_000 },
      (error) => {
        stub.close();
        resolve(error?.code);
      },
    );
  });
}

describe('a collector that speaks TLS', () => {
  it('takes both transports from clients that trust it', async () => {
    const { httpUrl, grpcUrl, requests } = await start(false);
    expect(httpUrl).toMatch(/^https:/);
    expect(await post(httpUrl)).toBe(200);
    expect(await call(grpcUrl)).toBeUndefined();
    expect(requests().map(({ transport }) => transport)).toEqual(['http', 'grpc']);
  });

  it('refuses clients without a certificate if it requires one', async () => {
    const { httpUrl, grpcUrl, requests } = await start(true);
    await expect(post(httpUrl)).rejects.toMatchObject({ code: expect.any(String) });
    expect(await call(grpcUrl)).toEqual(expect.any(Number));
    expect(requests()).toEqual([]);
  });

  it('refuses clients with a certificate from another authority', async () => {
    const { httpUrl, grpcUrl, requests } = await start(true);
    await expect(post(httpUrl, certificates.unknownClient)).rejects.toMatchObject({ code: expect.any(String) });
    expect(await call(grpcUrl, certificates.unknownClient)).toEqual(expect.any(Number));
    expect(requests()).toEqual([]);
  });

  it('reports the subject of the client certificate', async () => {
    const { httpUrl, grpcUrl, requests } = await start(true);
    expect(await post(httpUrl, certificates.client)).toBe(200);
    expect(await call(grpcUrl, certificates.client)).toBeUndefined();
    expect(requests().map(({ clientCertificateSubject }) => clientCertificateSubject)).toEqual([
      'CN=Test client',
      'CN=Test client',
    ]);
  });
});
