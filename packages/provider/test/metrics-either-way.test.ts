import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtelExporter } from '@codex-otel/config';
import { createMetricsClient } from '@codex-otel/metrics';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { TestCertificates } from '@codex-otel/testing';
import { createTestCertificates, patience } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createOtelProvider } from '../src/index.ts';
import { runProgram } from './processes/run-program.ts';
import { testSettings } from './test-settings.ts';
import { startLoopbackProxy } from './transport/loopback-proxy.ts';

type Env = Readonly<Record<string, string>>;

/** Enough for one attempt, but a provider would retry until the end. */
const oneAttempt = { timeoutMillis: 1500 };
type Exporter = Extract<OtelExporter, { readonly kind: 'otlp-http' | 'otlp-grpc' }>;
type Protocol = 'binary' | 'json' | 'grpc';

/** The two ways of metrics out of a process. */
const ways = {
  alone: async (exporter: OtelExporter, env: Env, wait: { timeoutMillis: number } = patience): Promise<void> => {
    const { environment, serviceName, serviceVersion } = testSettings();
    const client = await createMetricsClient({ environment, serviceName, serviceVersion, exporter, env });
    client.counter('codex.a', 1);
    await client.shutdown(wait);
  },
  'under a provider': async (
    exporter: OtelExporter,
    env: Env,
    wait: { timeoutMillis: number } = patience,
  ): Promise<void> => {
    const options = { env, registerGlobals: false, handoverOnExit: false };
    const provider = await createOtelProvider(testSettings({ metricsExporter: exporter }), options);
    provider?.metrics?.counter('codex.a', 1);
    await provider?.shutdown(wait);
  },
} as const;

const cases = (Object.keys(ways) as (keyof typeof ways)[]).flatMap((way) =>
  (['binary', 'json', 'grpc'] as const).map((protocol): readonly [typeof way, Protocol] => [way, protocol]),
);

let certificates: TestCertificates;
let folder: string;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  certificates = await createTestCertificates();
  folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-either-'));
  await writeFile(path.join(folder, 'ca.pem'), certificates.ca.cert);
  await writeFile(path.join(folder, 'unknown-ca.pem'), certificates.unknownCa.cert);
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function collectorWith(tls?: Pick<TestCertificates, 'server'>): Promise<OtlpCollector> {
  const collector = await startOtlpCollector(tls && { tls: tls.server });
  opened.push(collector);
  return collector;
}

/** The certificates are for `localhost`. */
function exporterTo(collector: OtlpCollector, protocol: Protocol, changes: Partial<Exporter> = {}): Exporter {
  const url = new URL(protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl);
  if (url.protocol === 'https:') url.hostname = 'localhost';
  const endpoint = url.href;
  return (
    protocol === 'grpc'
      ? { kind: 'otlp-grpc', endpoint, ...changes }
      : { kind: 'otlp-http', endpoint, protocol, ...changes }
  ) as Exporter;
}

describe.each(cases)('metrics %s, over %s', (way, protocol) => {
  const send = ways[way];

  it('go through the proxy of the environment, unless NO_PROXY names the host', async () => {
    const collector = await collectorWith();
    const proxy = await startLoopbackProxy();
    opened.push(proxy);
    await send(exporterTo(collector, protocol), { HTTP_PROXY: proxy.url });
    expect(proxy.asked).toHaveLength(1);
    await send(exporterTo(collector, protocol), { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    expect(proxy.asked).toHaveLength(1);
    expect(collector.metrics()).toHaveLength(2);
  });

  it('trust a CA of the settings', async () => {
    const collector = await collectorWith(certificates);
    await send(exporterTo(collector, protocol, { tls: { caCertificate: path.join(folder, 'ca.pem') } }), {});
    expect(collector.metrics()).toHaveLength(1);
  });

  it("trust the system's CAs in addition over gRPC, and only this CA over HTTP, as Codex does", async () => {
    const collector = await collectorWith(certificates);
    const exporter = exporterTo(collector, protocol, { tls: { caCertificate: path.join(folder, 'unknown-ca.pem') } });
    const { stdout, stderr } = await runProgram(
      new URL('./processes/metrics-either-way.fixture.mjs', import.meta.url),
      { args: [way, JSON.stringify(exporter)], env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem') } },
    );
    expect(stderr).toBe('');
    expect(stdout === 'delivered\n').toBe(protocol === 'grpc');
    expect(collector.metrics()).toHaveLength(protocol === 'grpc' ? 1 : 0);
  });

  it('carry the headers of the settings, asked for each export, and the id of their batch', async () => {
    const collector = await collectorWith();
    let asked = 0;
    const headers = async () => ({ 'x-token': `token ${++asked}` });
    await send(exporterTo(collector, protocol, { headers }), {});
    const [request] = collector.requests();
    expect(request?.headers['x-token']).toBe('token 1');
    expect(request?.headers['codex-otel-batch-id']).toMatch(/^[\w-]{10,}$/);
    expect(request?.headers['user-agent']).toMatch(/^codex-otel /);
  });

  it('follow no redirect', async () => {
    const elsewhere = await collectorWith();
    const collector = await collectorWith();
    await collector.behave({ kind: 'status', code: 307, headers: { location: `${elsewhere.httpUrl}/v1/metrics` } });
    await expect(send(exporterTo(collector, protocol), {}, oneAttempt)).rejects.toThrow();
    expect(elsewhere.requests()).toEqual([]);
  });

  it('give up an export that is not answered in the time of the environment', async () => {
    const collector = await collectorWith();
    await collector.behave({ kind: 'hang' });
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '100' };
    await expect(send(exporterTo(collector, protocol), env, oneAttempt)).rejects.toThrow();
    expect(collector.metrics()).toEqual([]);
  });
});

describe('metrics on the console', () => {
  it('are the same line of OTLP JSON with and without a provider', async () => {
    const shapes = await Promise.all(
      Object.keys(ways).map(async (way) => {
        const program = new URL('./processes/metrics-either-way.fixture.mjs', import.meta.url);
        const { code, stdout, stderr } = await runProgram(program, { args: [way, '{"kind":"console"}'] });
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout.trim().split('\n')).toHaveLength(1);
        const [{ scopeMetrics }] = JSON.parse(stdout).resourceMetrics;
        return JSON.stringify(scopeMetrics)
          .replace(/"\w+TimeUnixNano":"\d+"/g, '')
          .replace(/"timeUnixNano":"\d+"/g, '');
      }),
    );
    expect(shapes[0]).toContain('codex.a');
    expect(shapes[1]).toBe(shapes[0]);
  });
});
