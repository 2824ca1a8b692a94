import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { OtelExporter, OtelTlsConfig } from '@codex-otel/config';
import { isOtelConfigError } from '@codex-otel/config';
import type { CollectorTls, OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { TestCertificates } from '@codex-otel/testing';
import { createTestCertificates, patience } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import type { OtelProvider, ProviderStats } from '../src/index.ts';
import { createOtelProvider, isOtelShutdownError } from '../src/index.ts';
import { captureDiag } from './diag-lines.ts';
import { testSettings } from './test-settings.ts';

let certificates: TestCertificates;
let folder: string;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  certificates = await createTestCertificates();
  folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-tls-'));
  const files = {
    'ca.pem': certificates.ca.cert,
    'unknown-ca.pem': certificates.unknownCa.cert,
    'client.pem': certificates.client.cert,
    'client-key.pem': certificates.client.key,
    'unknown-client.pem': certificates.unknownClient.cert,
    'unknown-client-key.pem': certificates.unknownClient.key,
    'other-key.pem': certificates.otherKey,
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(folder, name), text)));
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(async () => {
  diag.disable();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function collectorWith(tls: CollectorTls | undefined): Promise<OtlpCollector> {
  const collector = await startOtlpCollector({ tls });
  opened.push(collector);
  return collector;
}

const protocols = ['http', 'grpc'] as const;
type Protocol = (typeof protocols)[number];

/** The certificates are for `localhost`. */
function exporterTo(collector: OtlpCollector, protocol: Protocol, tls?: OtelTlsConfig): OtelExporter {
  const url = new URL(protocol === 'http' ? collector.httpUrl : collector.grpcUrl);
  url.hostname = 'localhost';
  const endpoint = url.href;
  return protocol === 'http'
    ? { kind: 'otlp-http', endpoint, protocol: 'binary', tls }
    : { kind: 'otlp-grpc', endpoint, tls };
}

const file = (name: string): string => path.join(folder, name);
const clientFiles = () => ({ clientCertificate: file('client.pem'), clientPrivateKey: file('client-key.pem') });

async function create(exporter: OtelExporter): Promise<OtelProvider> {
  const settings = testSettings({ exporter, traceExporter: exporter, metricsExporter: exporter });
  const provider = await createOtelProvider(settings, {
    env: {},
    registerGlobals: false,
    handoverOnExit: false,
    // With an uploader, a shutdown ends at the first failure; this one takes nothing.
    uploaderCommand: [],
  });
  if (provider === undefined) throw new Error('no provider');
  return provider;
}

function recordAll(provider: OtelProvider): void {
  provider.tracer.startSpan('a').end();
  provider.logger.emit({ eventName: 'a' });
  provider.metrics?.counter('codex.a', 1);
}

describe.each(protocols)('a collector that speaks TLS, over %s', (protocol) => {
  it('is trusted by the configured CA', async () => {
    const collector = await collectorWith(certificates.server);
    const provider = await create(exporterTo(collector, protocol, { caCertificate: file('ca.pem') }));
    recordAll(provider);
    await provider.shutdown(patience);
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('gets the client certificate that it asks for', async () => {
    const collector = await collectorWith({
      ...certificates.server,
      ca: certificates.ca.cert,
      requireClientCertificate: true,
    });
    const provider = await create(exporterTo(collector, protocol, { caCertificate: file('ca.pem'), ...clientFiles() }));
    recordAll(provider);
    await provider.shutdown(patience);
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
  });

  it.each<[string, () => CollectorTls | undefined, () => OtelTlsConfig, RegExp]>([
    ['an expired certificate', () => certificates.expired, () => ({ caCertificate: file('ca.pem') }), /expired/i],
    [
      'a certificate of another host',
      () => certificates.wrongHost,
      () => ({ caCertificate: file('ca.pem') }),
      /localhost|altnames/i,
    ],
    [
      'a certificate of an unknown CA',
      () => certificates.unknownServer,
      () => ({ caCertificate: file('ca.pem') }),
      /certificate|issuer/i,
    ],
    [
      'a refusal of the client certificate',
      () => ({ ...certificates.server, ca: certificates.ca.cert, requireClientCertificate: true }),
      () => ({
        caCertificate: file('ca.pem'),
        clientCertificate: file('unknown-client.pem'),
        clientPrivateKey: file('unknown-client-key.pem'),
      }),
      /certificate|alert|ca\b|closed|reset|dropped|EPROTO|failed to connect/i,
    ],
  ])('is refused for %s, with one clear error for each signal', async (_case, tls, config, reason) => {
    const lines = captureDiag();
    const collector = await collectorWith(tls());
    const exporter = exporterTo(collector, protocol, config());
    const provider = await create(exporter);
    recordAll(provider);
    const error = await provider.shutdown({ timeoutMillis: 20_000 }).catch((e: unknown) => e);
    expect(isOtelShutdownError(error)).toBe(true);
    expect(collector.requests()).toEqual([]);
    const errors = lines.flatMap(({ level, text }) => (level === 'error' ? [text] : []));
    for (const signal of ['traces', 'logs', 'metrics']) {
      const own = errors.filter((text) => text.startsWith(`codex-otel/provider: ${signal} to `));
      expect(own).toHaveLength(1);
      expect(own[0]).toContain('localhost:');
      expect(own[0]).toMatch(reason);
    }
  });

  it('gets no plain text if https is configured', async () => {
    const collector = await collectorWith(undefined);
    const plain = exporterTo(collector, protocol);
    if (!('endpoint' in plain) || plain.endpoint === undefined) throw new Error('no endpoint');
    const provider = await create({ ...plain, endpoint: plain.endpoint.replace('http:', 'https:') });
    recordAll(provider);
    await expect(provider.shutdown({ timeoutMillis: 500 })).rejects.toMatchObject({
      code: 'OTEL_SHUTDOWN_INCOMPLETE',
    });
    expect(collector.requests()).toEqual([]);
  });

  it.each<[string, () => OtelTlsConfig, string]>([
    ['a CA that is missing', () => ({ caCertificate: file('no.pem') }), 'no.pem'],
    ['a CA file without a certificate', () => ({ caCertificate: file('other-key.pem') }), 'other-key.pem'],
    ['a certificate without its key', () => ({ clientCertificate: file('client.pem') }), 'client'],
    [
      'a key of another certificate',
      () => ({ clientCertificate: file('client.pem'), clientPrivateKey: file('other-key.pem') }),
      'other-key.pem',
    ],
  ])('cannot be configured with %s', async (_case, tls, named) => {
    const collector = await collectorWith(certificates.server);
    const error = await create(exporterTo(collector, protocol, tls())).catch((e: unknown) => e);
    expect(isOtelConfigError(error)).toBe(true);
    expect(String(error)).toContain(named);
    expect(String(error)).not.toContain('BEGIN');
  });
});

describe('a plain-text collector', () => {
  it('accepts gRPC if http is configured', async () => {
    const collector = await collectorWith(undefined);
    const provider = await create(exporterTo(collector, 'grpc'));
    recordAll(provider);
    await provider.shutdown(patience);
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('is refused if a client certificate is configured', async () => {
    const collector = await collectorWith(undefined);
    const error = await create(exporterTo(collector, 'http', clientFiles())).catch((e: unknown) => e);
    expect(isOtelConfigError(error)).toBe(true);
  });
});

it('gets the other signals if one fails', async () => {
  const good = await collectorWith(undefined);
  const bad = await collectorWith(certificates.expired);
  const settings = testSettings({
    exporter: exporterTo(good, 'http'),
    traceExporter: exporterTo(bad, 'http', { caCertificate: file('ca.pem') }),
    metricsExporter: exporterTo(good, 'grpc'),
  });
  const provider = await createOtelProvider(settings, { env: {}, registerGlobals: false, handoverOnExit: false });
  if (provider === undefined) throw new Error('no provider');
  recordAll(provider);
  const flushed = provider.forceFlush().catch(() => {});
  const exported = ({ logs, metrics }: ProviderStats): number => logs.exported + metrics.exported;
  while (exported(provider.stats()) < 2) await setTimeout(20);
  await expect(provider.shutdown({ timeoutMillis: 500 })).rejects.toMatchObject({
    signals: { traces: { exported: 0, dropped: 1 }, logs: { exported: 1 }, metrics: { exported: 1 } },
  });
  await flushed;
  expect(good.logRecords()).toHaveLength(1);
  expect(good.metrics()).toHaveLength(1);
});
