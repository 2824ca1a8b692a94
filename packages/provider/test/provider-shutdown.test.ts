import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OtelProvider } from '../src/index.ts';
import { createOtelProvider, isOtelShutdownError, OtelShutdownError } from '../src/index.ts';
import type { TestProtocol } from './test-settings.ts';
import { settingsFor } from './test-settings.ts';

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector();
});

afterEach(() => collector.close());

async function create(protocol: TestProtocol = 'binary', env = {}): Promise<OtelProvider> {
  const created = await createOtelProvider(settingsFor(collector, protocol), {
    env,
    registerGlobals: false,
    handoverOnExit: false,
    uploaderCommand: [],
  });
  if (created === undefined) throw new Error('no provider');
  return created;
}

function recordAll(provider: OtelProvider, count = 1): void {
  for (let index = 0; index < count; index += 1) {
    provider.tracer.startSpan('a').end();
    provider.logger.emit({ eventName: 'a' });
    provider.metrics?.counter('codex.a', 1);
  }
}

describe('OtelProvider', () => {
  it('keeps a burst of 20,000 of each signal', async () => {
    const provider = await create();
    recordAll(provider, 20_000);
    await provider.shutdown(patience);
    expect(provider.stats()).toMatchObject({
      traces: { exported: 20_000, dropped: 0 },
      logs: { exported: 20_000, dropped: 0 },
    });
    expect(collector.spans()).toHaveLength(20_000);
    expect(collector.logRecords()).toHaveLength(20_000);
    expect(collector.metrics()).toMatchObject([{ points: [{ value: 20_000 }] }]);
  }, 60_000);

  it.each<TestProtocol>(['binary', 'grpc'])(
    'ends within its time-out when the collector hangs, over %s',
    async (protocol) => {
      await collector.behave({ kind: 'hang' });
      const provider = await create(protocol, { OTEL_EXPORTER_OTLP_TIMEOUT: '600000' });
      recordAll(provider, 600);
      // An attempt to export may take longer than the test.
      await expect(provider.forceFlush({ timeoutMillis: 150 })).rejects.toThrow(/not everything was sent/);
      await expect(provider.shutdown({ timeoutMillis: 150 })).rejects.toThrow(/not everything was sent/);
    },
  );

  it.each([
    ['is away', { kind: 'refuse' }, /\/v1\/traces: connect ECONNREFUSED 127\.0\.0\.1:\d+/],
    ['hangs', { kind: 'hang' }, /\/v1\/traces: no answer in time/],
    ['refuses', { kind: 'status', code: 404 }, /\/v1\/traces: HTTP 404/],
  ] as const)('names the endpoint, and what is wrong with a collector that %s', async (_what, behaviour, message) => {
    await collector.behave(behaviour);
    const provider = await create();
    recordAll(provider);
    await expect(provider.shutdown({ timeoutMillis: 5000 })).rejects.toThrow(message);
  });

  it('says how much of each signal did not arrive', async () => {
    await collector.behave({ kind: 'hang' });
    const provider = await create();
    recordAll(provider, 3);
    const error = await provider.shutdown({ timeoutMillis: 100 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OtelShutdownError);
    expect(isOtelShutdownError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'OtelShutdownError',
      code: 'OTEL_SHUTDOWN_INCOMPLETE',
      signals: {
        traces: { queued: 0, exported: 0, dropped: 3 },
        logs: { queued: 0, exported: 0, dropped: 3 },
        metrics: { queued: 0, exported: 0, dropped: 1 },
      },
    });
    expect(provider.stats()).toEqual(isOtelShutdownError(error) && error.signals);
  });

  it.each([
    ['is full', { maxBytes: 1 }],
    ['cannot be written', { directory: '/dev/null/spool' }],
  ])('counts in spans, records and data points what is lost if the spool %s', async (_how, spool) => {
    await collector.behave({ kind: 'status', code: 503 });
    const directory = mkdtempSync(path.join(tmpdir(), 'provider-shutdown-'));
    const created = await createOtelProvider(settingsFor(collector, 'binary', { spool: { directory, ...spool } }), {
      env: {},
      registerGlobals: false,
      handoverOnExit: false,
      uploaderCommand: [],
    });
    if (created === undefined) throw new Error('no provider');
    recordAll(created, 2);
    for (const tool of ['a', 'b', 'c']) created.metrics?.counter('codex.tool', 1, { tool });
    await created.shutdown({ timeoutMillis: 300 }).catch(() => {});
    rmSync(directory, { recursive: true });
    const lost = { queued: 0, exported: 0, handedOver: 0, failed: 0 };
    expect(created.stats()).toEqual({
      traces: { ...lost, dropped: 2 },
      logs: { ...lost, dropped: 2 },
      metrics: { ...lost, dropped: 4 },
    });
  });

  it('rejects a flush that does not finish in time, and keeps what is queued', async () => {
    await collector.behave({ kind: 'delay', delayMillis: 400 });
    const provider = await create();
    recordAll(provider);
    await expect(provider.forceFlush({ timeoutMillis: 100 })).rejects.toMatchObject({
      code: 'OTEL_SHUTDOWN_INCOMPLETE',
    });
    expect(provider.stats().logs).toMatchObject({ queued: 1, dropped: 0 });
    await provider.shutdown(patience);
    expect(provider.stats().logs).toMatchObject({ queued: 0, exported: 1 });
  });

  it('rejects a flush whose items the collector refused', async () => {
    await collector.behave({ kind: 'partial-success', rejected: 1, message: 'no room', signal: 'logs' });
    const provider = await create();
    provider.logger.emit({});
    await expect(provider.forceFlush()).rejects.toMatchObject({ signals: { logs: { failed: 1 } } });
    await provider.shutdown(patience);
  });

  it('ends once, however often it is asked to', async () => {
    const provider = await create();
    recordAll(provider);
    const first = provider.shutdown();
    expect(provider.shutdown({ timeoutMillis: 1 })).toBe(first);
    await first;
    await provider[Symbol.asyncDispose]();
    recordAll(provider);
    await provider.shutdown(patience);
    expect(collector.logRecords()).toHaveLength(1);
    expect(provider.stats().logs).toMatchObject({ exported: 1, dropped: 1 });
  });

  it('ends at the end of its block and does not make it fail', async () => {
    await collector.behave({ kind: 'hang' });
    const provider = await create();
    provider.logger.emit({});
    await provider.shutdown({ timeoutMillis: 50 }).catch(() => {});
    await expect(provider[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('sends what is queued at a flush, and continues', async () => {
    const provider = await create();
    recordAll(provider);
    await provider.forceFlush(patience);
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
    recordAll(provider);
    await provider.shutdown(patience);
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      2, 2, 2,
    ]);
  });
});

describe('isOtelShutdownError', () => {
  it('distinguishes it from other errors', () => {
    const nothing = { queued: 0, exported: 0, handedOver: 0, dropped: 0, failed: 0 };
    expect(isOtelShutdownError(new OtelShutdownError('a', { traces: nothing, logs: nothing, metrics: nothing }))).toBe(
      true,
    );
    expect(isOtelShutdownError(new Error('a'))).toBe(false);
    expect(isOtelShutdownError({ name: 'OtelShutdownError', code: 'OTEL_SHUTDOWN_INCOMPLETE' })).toBe(false);
  });
});
