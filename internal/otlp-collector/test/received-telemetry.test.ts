import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter as GrpcMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as ProtoMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { OtlpCollector } from '../src/index.ts';
import { startOtlpCollector } from '../src/index.ts';

let collector: OtlpCollector;

beforeAll(async () => {
  collector = await startOtlpCollector();
});
beforeEach(() => collector.clear());
afterAll(() => collector.close());

const resource = resourceFromAttributes({ 'service.name': 'under-test' });

async function exportSpan(exporter: SpanExporter): Promise<void> {
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer('scope', '1.2.3').startSpan('work', {
    kind: SpanKind.CLIENT,
    startTime: [1_700_000_000, 123_456_789],
    attributes: { text: 'a', whole: 7, broken: 0.5, yes: true, list: ['x', 'y'] },
  });
  span.addEvent('seen', { at: 1 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'why' });
  span.end([1_700_000_001, 1]);
  await provider.shutdown();
}

describe.each([
  ['http/protobuf', () => new ProtoTraceExporter({ url: `${collector.httpUrl}/v1/traces` })],
  ['http/json', () => new JsonTraceExporter({ url: `${collector.httpUrl}/v1/traces` })],
  ['grpc', () => new GrpcTraceExporter({ url: collector.grpcUrl })],
])('spans over %s', (protocol, exporter) => {
  it('arrive with ids, times, types and origin', async () => {
    await exportSpan(exporter());

    expect(collector.spans()).toEqual([
      expect.objectContaining({
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        parentSpanId: undefined,
        name: 'work',
        kind: 'client',
        startTimeUnixNano: 1_700_000_000_123_456_789n,
        endTimeUnixNano: 1_700_000_001_000_000_001n,
        attributes: { text: 'a', whole: 7, broken: 0.5, yes: true, list: ['x', 'y'] },
        typedAttributes: [
          { key: 'text', value: { kind: 'string', value: 'a' } },
          { key: 'whole', value: { kind: 'int', value: 7n } },
          { key: 'broken', value: { kind: 'double', value: 0.5 } },
          { key: 'yes', value: { kind: 'bool', value: true } },
          {
            key: 'list',
            value: {
              kind: 'array',
              values: [
                { kind: 'string', value: 'x' },
                { kind: 'string', value: 'y' },
              ],
            },
          },
        ],
        events: [expect.objectContaining({ name: 'seen', attributes: { at: 1 } })],
        status: { code: 'error', message: 'why' },
        resource: expect.objectContaining({ attributes: { 'service.name': 'under-test' } }),
        scope: expect.objectContaining({ name: 'scope', version: '1.2.3' }),
        requestIndex: 0,
      }),
    ]);
    expect(collector.requests()).toEqual([
      expect.objectContaining({
        signal: 'traces',
        transport: protocol === 'grpc' ? 'grpc' : 'http',
        outcome: 'answer',
      }),
    ]);
  });
});

describe('compressed requests', () => {
  const compression = CompressionAlgorithm.GZIP;
  it.each([
    ['http', () => new ProtoTraceExporter({ url: `${collector.httpUrl}/v1/traces`, compression })],
    ['grpc', () => new GrpcTraceExporter({ url: collector.grpcUrl, compression })],
  ])('are read and named as such over %s', async (transport, exporter) => {
    await exportSpan(exporter());
    expect(collector.spans().map(({ name }) => name)).toEqual(['work']);
    expect(collector.requests()).toEqual([expect.objectContaining({ transport, encoding: 'gzip' })]);
  });
});

describe('log records', () => {
  it('arrive with event name and severity, and without a time that was not sent', async () => {
    const exporter = new OTLPLogExporter({ url: `${collector.httpUrl}/v1/logs` });
    const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
    provider.getLogger('target').emit({ eventName: 'it.happened', severityNumber: 9, severityText: 'INFO' });
    await provider.shutdown();

    expect(collector.logRecords()).toEqual([
      expect.objectContaining({
        eventName: 'it.happened',
        severityNumber: 9,
        severityText: 'INFO',
        body: undefined,
        traceId: undefined,
        spanId: undefined,
        scope: expect.objectContaining({ name: 'target' }),
      }),
    ]);
  });
});

describe.each([
  ['http/protobuf', () => new ProtoMetricExporter({ url: `${collector.httpUrl}/v1/metrics` })],
  ['grpc', () => new GrpcMetricExporter({ url: collector.grpcUrl })],
])('metrics over %s', (_protocol, exporter: () => PushMetricExporter) => {
  it('arrive with kind, temporality, points and buckets', async () => {
    const reader = new PeriodicExportingMetricReader({ exporter: exporter(), exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ resource, readers: [reader] });
    const meter = provider.getMeter('codex');
    meter.createCounter('count').add(3, { tag: 'a' });
    meter.createHistogram('size', { unit: 'ms', advice: { explicitBucketBoundaries: [1, 10] } }).record(5);
    await provider.shutdown();

    const [count, size] = collector.metrics();
    expect(count).toMatchObject({
      name: 'count',
      kind: 'sum',
      isMonotonic: true,
      temporality: 'cumulative',
      points: [{ attributes: { tag: 'a' }, value: 3 }],
    });
    expect(size).toMatchObject({
      name: 'size',
      unit: 'ms',
      kind: 'histogram',
      points: [{ count: 1, sum: 5, min: 5, max: 5, bounds: [1, 10], bucketCounts: [0, 1, 0] }],
    });
  });
});

describe('waitFor', () => {
  it('resolves with what its reader finds once it arrives', async () => {
    const found = collector.waitFor((it) => it.spans().find((span) => span.name === 'work'));
    await exportSpan(new ProtoTraceExporter({ url: `${collector.httpUrl}/v1/traces` }));
    expect((await found).name).toBe('work');
  });

  it('reports what arrived when the time is over', async () => {
    await expect(collector.waitFor(() => undefined, { timeoutMillis: 10 })).rejects.toThrow(
      'not seen within 10 ms; arrived: 0 requests, 0 spans, 0 log records, 0 metrics',
    );
  });
});
