import { parseOtelConfig } from '@codex-otel/config';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, diag, logs, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { OtelProvider } from '../src/index.ts';
import { createOtelProvider } from '../src/index.ts';
import { captureDiag } from './diag-lines.ts';
import { settingsFor, testSettings } from './test-settings.ts';

const apiKey: unique symbol = Symbol.for('opentelemetry.js.api.1');
const registry: { [apiKey]?: unknown } & typeof globalThis = globalThis;

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
});

afterEach(async () => {
  for (const api of [trace, logs, metrics, context, propagation, diag]) api.disable();
  delete registry[apiKey];
  Reflect.deleteProperty(globalThis, Symbol.for('codex-otel.metrics.v1'));
  await collector.close();
});

async function create(): Promise<OtelProvider> {
  const provider = await createOtelProvider(settingsFor(collector), { env: {}, handoverOnExit: false });
  if (provider === undefined) throw new Error('no provider');
  return provider;
}

describe('a host that registered with an older API', () => {
  it('gets one report, on its own diagnostics', async () => {
    const errors: string[] = [];
    const host = { version: '1.9.0', trace: {}, diag: { error: (message: string) => errors.push(message) } };
    registry[apiKey] = host;
    const provider = await create();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('@opentelemetry/api 1.9.0');
    expect(registry[apiKey]).toBe(host);
    provider.tracer.startSpan('a').end();
    await provider.shutdown(patience);
    expect(collector.spans()).toHaveLength(1);
  });

  it('keeps what it registered', async () => {
    registry[apiKey] = { version: '1.9.0', logs: {} };
    const provider = await create();
    await provider.shutdown(patience);
    expect(registry[apiKey]).toEqual({ version: '1.9.0', logs: {} });
  });
});

describe('a host with its own providers', () => {
  it('keeps them, and a warning says that ours are not registered', async () => {
    const lines = captureDiag();
    const tracers = new TracerProvider();
    const loggers = new LoggerProvider();
    const manager = new AsyncLocalStorageContextManager();
    trace.setGlobalTracerProvider(tracers);
    logs.setGlobalLoggerProvider(loggers);
    context.setGlobalContextManager(manager);
    const provider = await create();
    expect(trace.getTracer('a')).toBe(tracers.getTracer('a'));
    expect(logs.getLoggerProvider()).toBe(loggers);
    expect(lines.filter(({ level, text }) => level === 'warn' && text.includes('is registered'))).toHaveLength(2);
    // The host's contexts carry our spans all the same.
    const span = provider.tracer.startSpan('ours');
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
      provider.logger.emit({ eventName: 'in ours' });
      provider.tracer.startSpan('child').end();
    });
    span.end();
    await provider.shutdown(patience);
    expect(logs.getLoggerProvider()).toBe(loggers);
    expect(collector.logRecords()).toMatchObject([{ spanId: span.spanContext().spanId }]);
    expect(collector.spans().find(({ name }) => name === 'child')?.parentSpanId).toBe(span.spanContext().spanId);
  });
});

describe('headers from a function', () => {
  it('are asked for before each export, and the last good answer is kept', async () => {
    const answers = ['one', 'two', undefined, 'four'];
    let asked = 0;
    const headers = async (): Promise<Record<string, string>> => {
      const token = answers[asked];
      asked += 1;
      if (token === undefined) throw new Error('no token today');
      return { authorization: `Bearer ${token}` };
    };
    const exporter = { kind: 'otlp-http', endpoint: collector.httpUrl, protocol: 'json', headers } as const;
    const provider = await createOtelProvider(testSettings({ exporter }), { env: {}, handoverOnExit: false });
    for (let index = 0; index < answers.length; index += 1) {
      provider?.logger.emit({ eventName: `e${index}` });
      await provider?.forceFlush(patience);
    }
    await provider?.shutdown(patience);
    expect(collector.requests().map((request) => request.headers.authorization)).toEqual([
      'Bearer one',
      'Bearer two',
      'Bearer two',
      'Bearer four',
    ]);
  });
});

describe('settings of batches and samplers', () => {
  it('are followed', async () => {
    const provider = await createOtelProvider(
      {
        ...settingsFor(collector),
        logBatch: { maxExportBatchSize: 2, maxQueueSize: 5 },
        sampler: { kind: 'always-off' },
      },
      { env: {}, handoverOnExit: false },
    );
    for (let index = 0; index < 6; index += 1) provider?.logger.emit({ eventName: `e${index}` });
    provider?.tracer.startSpan('a').end();
    await provider?.shutdown(patience);
    expect(provider?.stats()).toMatchObject({ logs: { exported: 5, dropped: 1 }, traces: { exported: 0, dropped: 0 } });
    expect(collector.requests().filter(({ signal }) => signal === 'logs')).toHaveLength(3);
    expect(collector.spans()).toEqual([]);
  });

  it('come from the environment if the settings have none', async () => {
    const env = {
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '3',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl,
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
    };
    const known = { codexHome: '/nonexistent', serviceName: 'a', serviceVersion: '1', env };
    const provider = await createOtelProvider(await parseOtelConfig({}, known), { env, handoverOnExit: false });
    provider?.tracer.startSpan('a').end();
    for (let index = 0; index < 6; index += 1) provider?.logger.emit({ eventName: `e${index}` });
    await provider?.shutdown(patience);
    expect(collector.logRecords()).toHaveLength(6);
    expect(collector.requests()).toHaveLength(2);
    expect(collector.spans()).toEqual([]);
  });
});
