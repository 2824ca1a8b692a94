import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createTestCertificates } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runExportingProcess } from './run-exporting-process.ts';

const SHUTDOWN_MILLIS = 300;

/** JSON differs from protobuf only in the body. */
const PROTOCOLS = ['http/protobuf', 'grpc'] as const;
const FAULTS = [
  { kind: 'hang' },
  { kind: 'hang-after-headers' },
  { kind: 'trickle', intervalMillis: 20 },
  { kind: 'refuse' },
  { kind: 'garbage-on-connect' },
  { kind: 'hang-on-connect' },
  { kind: 'status', code: 429, retryAfter: 3600 },
  { kind: 'status', code: 503, retryAfter: 3600 },
  { kind: 'reset-mid-body' },
] as const;

let plain: OtlpCollector;
let secure: OtlpCollector;
let ca: string;

beforeAll(async () => {
  const certificates = await createTestCertificates();
  ca = certificates.ca.cert;
  plain = await startOtlpCollector();
  secure = await startOtlpCollector({ tls: certificates.server });
});

afterAll(async () => {
  await plain.close();
  await secure.close();
});

function endpoint(collector: OtlpCollector, protocol: string): string {
  return protocol === 'grpc' ? collector.grpcUrl : `${collector.httpUrl}/v1/logs`;
}

describe.each(PROTOCOLS)('a process that exports over %s', (protocol) => {
  it.each(FAULTS)('ends in time when the collector has the behaviour %j', async (fault) => {
    await plain.behave(fault);
    const settings = { protocol, url: endpoint(plain, protocol), shutdownMillis: SHUTDOWN_MILLIS, runMillis: 300 };
    const outcome = await runExportingProcess(settings);
    await plain.behave({ kind: 'answer' });
    expect(outcome.stats).toMatchObject({ queued: 2000, exported: 0 });
  });

  it('ends in time when a TLS handshake stalls', async () => {
    await secure.behave({ kind: 'hang-on-connect' });
    const settings = { protocol, url: endpoint(secure, protocol), ca, shutdownMillis: SHUTDOWN_MILLIS, runMillis: 300 };
    const outcome = await runExportingProcess(settings);
    await secure.behave({ kind: 'answer' });
    expect(outcome.stats).toMatchObject({ queued: 2000, exported: 0 });
  });

  it('delivers everything when the collector answers', async () => {
    plain.clear();
    const settings = { protocol, url: endpoint(plain, protocol), shutdownMillis: 5000, runMillis: 0 };
    const outcome = await runExportingProcess(settings);
    expect(outcome.stats).toMatchObject({ queued: 0, exported: 2000 });
    expect(plain.logRecords()).toHaveLength(2000);
  });
});
