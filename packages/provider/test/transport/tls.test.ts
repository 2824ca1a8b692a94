import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OtlpConnection } from '@codex-otel/config';
import type { SendResult } from '@codex-otel/metrics/otlp';
import { openSender } from '@codex-otel/metrics/otlp';
import type { CollectorTls, OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { TestCertificates } from '@codex-otel/testing';
import { createTestCertificates, patience } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runExportingProcess } from './run-exporting-process.ts';
import { sampleConnection, sampleLogRecords } from './telemetry-samples.ts';

const PROTOCOLS = ['http/protobuf', 'grpc'] as const;

let certificates: TestCertificates;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  certificates = await createTestCertificates();
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(tls?: CollectorTls): Promise<OtlpCollector> {
  const collector = await startOtlpCollector({ tls });
  closers.push(() => collector.close());
  return collector;
}

function urlOf(collector: OtlpCollector, protocol: OtlpConnection['protocol']): string {
  return protocol === 'grpc' ? collector.grpcUrl : `${collector.httpUrl}/v1/logs`;
}

async function send(
  collector: OtlpCollector,
  protocol: OtlpConnection['protocol'],
  tls?: OtlpConnection['tls'],
  url = urlOf(collector, protocol),
): Promise<SendResult> {
  const sender = await openSender('logs', sampleConnection(url, { protocol, ...(tls ? { tls } : {}) }));
  closers.push(() => sender.close());
  return sender.send(sampleLogRecords(1), {
    signal: AbortSignal.timeout(patience.timeoutMillis),
    ...patience,
    batchId: 'batch-1',
  });
}

describe.each(PROTOCOLS)('openSender with TLS over %s', (protocol) => {
  it('trusts the given CA', async () => {
    const collector = await start(certificates.server);
    expect(await send(collector, protocol, { ca: certificates.ca.cert })).toMatchObject({ kind: 'delivered' });
    expect(collector.logRecords()).toHaveLength(1);
  });

  it('takes a host name as well as an address', async () => {
    const collector = await start(certificates.server);
    const url = urlOf(collector, protocol).replace('127.0.0.1', 'localhost');
    expect(await send(collector, protocol, { ca: certificates.ca.cert }, url)).toMatchObject({ kind: 'delivered' });
  });

  it.each([
    ['that is not signed by it', 'unknownServer', /certificate/],
    ['that has expired', 'expired', /expired/],
    ['of another host', 'wrongHost', /altnames|host/i],
  ] as const)('refuses a server certificate %s, and says so', async (_what, name, reason) => {
    const collector = await start(certificates[name]);
    const result = await send(collector, protocol, { ca: certificates.ca.cert });
    expect(result).toMatchObject({ kind: 'retryable', reason: expect.stringMatching(reason) });
    expect(collector.requests()).toHaveLength(0);
  });

  it('does not trust a private CA by default, even if the process turned checks off', async () => {
    const collector = await start(certificates.server);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    closers.push(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    });
    expect(await send(collector, protocol)).toMatchObject({ kind: 'retryable' });
    expect(collector.requests()).toHaveLength(0);
  });

  it('shows its client certificate', async () => {
    const collector = await start({ ...certificates.server, ca: certificates.ca.cert, requireClientCertificate: true });
    const { cert, key } = certificates.client;
    expect(await send(collector, protocol, { ca: certificates.ca.cert, cert, key })).toMatchObject({
      kind: 'delivered',
    });
    expect(collector.requests()[0]?.clientCertificateSubject).toContain('Test client');
  });

  it.each(['none', 'unknownClient'] as const)(
    'is refused with %s if a client certificate is required',
    async (name) => {
      const collector = await start({
        ...certificates.server,
        ca: certificates.ca.cert,
        requireClientCertificate: true,
      });
      const identity = name === 'none' ? {} : { cert: certificates[name].cert, key: certificates[name].key };
      const result = await send(collector, protocol, { ca: certificates.ca.cert, ...identity });
      expect(result.kind).toBe('retryable');
      expect(collector.requests()).toHaveLength(0);
    },
  );

  it('refuses a key that is not the certificate’s', async () => {
    const collector = await start(certificates.server);
    const tls = { ca: certificates.ca.cert, cert: certificates.client.cert, key: certificates.otherKey };
    const outcome = await send(collector, protocol, tls).catch((error: Error) => error.message);
    expect(JSON.stringify(outcome)).toMatch(/key values mismatch/);
  });

  it('never falls back to plain text', async () => {
    const plain = await start();
    const url = urlOf(plain, protocol).replace('http:', 'https:');
    expect(await send(plain, protocol, undefined, url)).toMatchObject({ kind: 'retryable' });
    expect(plain.requests()).toHaveLength(0);
  });

  it('sends nothing in plain text to a TLS server', async () => {
    const collector = await start(certificates.server);
    const url = urlOf(collector, protocol).replace('https:', 'http:');
    expect((await send(collector, protocol, undefined, url)).kind).not.toBe('delivered');
  });
});

describe('a given CA', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codex-otel-'));
    await writeFile(join(folder, 'ca.pem'), certificates.ca.cert);
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** In a process whose own roots hold the collector's CA, with another CA given. */
  async function exportedWithAnotherCa(protocol: OtlpConnection['protocol']): Promise<number> {
    const collector = await start(certificates.server);
    const settings = {
      protocol,
      url: urlOf(collector, protocol),
      ca: certificates.unknownCa.cert,
      // Over HTTP nothing gets through, so the wait takes all of this time; over gRPC it ends with the last record.
      shutdownMillis: protocol === 'grpc' ? 60_000 : 1500,
      runMillis: 0,
    };
    const { stats } = await runExportingProcess(settings, { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });
    return stats.exported;
  }

  it("replaces the system's roots over HTTP", async () => {
    expect(await exportedWithAnotherCa('http/protobuf')).toBe(0);
  });

  it("is added to the system's roots over gRPC", async () => {
    expect(await exportedWithAnotherCa('grpc')).toBe(2000);
  });
});
