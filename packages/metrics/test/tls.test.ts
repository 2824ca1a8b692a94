import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtelExporter, OtelTlsConfig } from '@codex-otel/config';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { TestCertificates } from '@codex-otel/testing';
import { createTestCertificates, patience } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetricsClient } from '../src/index.ts';
import { service } from './in-memory-client.ts';

let certificates: TestCertificates;
let collector: OtlpCollector;
let folder: string;

beforeAll(async () => {
  certificates = await createTestCertificates();
  const { server, ca } = certificates;
  collector = await startOtlpCollector({ tls: { ...server, ca: ca.cert, requireClientCertificate: true } });
  folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-metrics-'));
});

afterAll(async () => {
  await collector.close();
  await rm(folder, { recursive: true });
});

async function pemFile(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

async function clientIdentity(): Promise<OtelTlsConfig> {
  return {
    clientCertificate: await pemFile('client.pem', certificates.client.cert),
    clientPrivateKey: await pemFile('client.key', certificates.client.key),
  };
}

function exporterOf(kind: 'otlp-http' | 'otlp-grpc', tls: OtelTlsConfig): OtelExporter {
  const localhost = (url: string) => url.replace('127.0.0.1', 'localhost');
  return kind === 'otlp-http'
    ? { kind, protocol: 'binary', endpoint: localhost(collector.httpUrl), tls }
    : { kind, endpoint: localhost(collector.grpcUrl), tls };
}

describe.each(['otlp-http', 'otlp-grpc'] as const)('TLS over %s', (kind) => {
  it('shows the client certificate to a collector that it trusts', async () => {
    collector.clear();
    const tls = { ...(await clientIdentity()), caCertificate: await pemFile('ca.pem', certificates.ca.cert) };
    const client = await createMetricsClient({ ...service, exporter: exporterOf(kind, tls), env: {} });
    client.counter('c', 1);
    await client.shutdown(patience);

    expect(collector.metrics().map((metric) => metric.name)).toEqual(['c']);
  });

  it('sends nothing to a collector that it cannot verify', async () => {
    collector.clear();
    const client = await createMetricsClient({
      ...service,
      exporter: exporterOf(kind, await clientIdentity()),
      env: { OTEL_EXPORTER_OTLP_TIMEOUT: '500' },
    });
    client.counter('c', 1);

    await expect(client.shutdown()).rejects.toMatchObject({ code: 'SHUTDOWN_FAILED' });
    expect(collector.metrics()).toEqual([]);
  });
});
