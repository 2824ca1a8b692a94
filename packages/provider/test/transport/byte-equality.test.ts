import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { openSender } from '@codex-otel/metrics/otlp';
import { patience } from '@codex-otel/testing';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExportResult } from '@opentelemetry/core';
import { OTLPLogExporter as GrpcLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { asSdk, sampleConnection, sampleLogRecord, sampleMetrics, sampleSpan } from './telemetry-samples.ts';

/** One of the SDK's exporters, for any signal. */
interface SdkExporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

const remote = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
  traceState: 'vendor=x,other=y',
};
const spans = [
  { ...sampleSpan('session_task.turn'), spanContext: remote, parentSpanContext: { ...remote, spanId: 'a'.repeat(16) } },
  { ...sampleSpan('handle_responses'), links: [{ context: remote, attributes: { kind: 'spawn' } }] },
];
const records = [
  sampleLogRecord('plain'),
  sampleLogRecord('with much in it', {
    text: 'ümläut 🚀 \u0000 end',
    numbers: [1, 2.5, -3],
    big: 2 ** 53 - 1,
    negative: -7,
    nested: { a: ['b', { c: true }] },
    empty: '',
    nothing: undefined,
  }),
];
const metrics = sampleMetrics('codex.tool.call');

const bodies: Buffer[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push(Buffer.concat(chunks));
    response.writeHead(200, { 'content-type': request.headers['content-type'] }).end();
  });
});
const grpcServer = new Server();
let httpUrl: string;
let grpcUrl: string;

beforeAll(async () => {
  const bytes = (value: Buffer) => value;
  for (const service of ['trace.v1.TraceService', 'logs.v1.LogsService', 'metrics.v1.MetricsService']) {
    const path = `/opentelemetry.proto.collector.${service}/Export`;
    grpcServer.register(
      path,
      (call: { readonly request: Buffer }, callback: (error: null, answer: Buffer) => void) => {
        bodies.push(call.request);
        callback(null, Buffer.alloc(0));
      },
      bytes,
      bytes,
      'unary',
    );
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  httpUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/any`;
  grpcUrl = await new Promise<string>((resolve, reject) => {
    grpcServer.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(`http://127.0.0.1:${port}`);
    });
  });
});

afterAll(async () => {
  grpcServer.forceShutdown();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function bodyOfSdk<Batch>(exporter: SdkExporter<Batch>, batch: Batch): Promise<Buffer> {
  bodies.length = 0;
  const result = await new Promise<ExportResult>((resolve) => exporter.export(batch, resolve));
  await exporter.shutdown();
  expect(result.code).toBe(0);
  return bodies[0] ?? Buffer.alloc(0);
}

async function bodyOfOurs<S extends keyof SignalItems>(
  signal: S,
  protocol: 'http/protobuf' | 'http/json' | 'grpc',
  items: readonly SignalItems[S][],
): Promise<Buffer> {
  bodies.length = 0;
  const sender = await openSender(signal, sampleConnection(protocol === 'grpc' ? grpcUrl : httpUrl, { protocol }));
  const result = await sender.send(items, {
    signal: AbortSignal.timeout(patience.timeoutMillis),
    ...patience,
    batchId: 'batch-1',
  });
  await sender.close();
  expect(result).toMatchObject({ kind: 'delivered' });
  return bodies[0] ?? Buffer.alloc(0);
}

describe('what openSender sends', () => {
  it.each([
    ['http/protobuf', () => new ProtoTraceExporter({ url: httpUrl })],
    ['http/json', () => new JsonTraceExporter({ url: httpUrl })],
    ['grpc', () => new GrpcTraceExporter({ url: grpcUrl })],
  ] as const)('is what the SDK sends for spans over %s', async (protocol, exporter) => {
    const expected = await bodyOfSdk(exporter(), spans.map(asSdk.span));
    expect((await bodyOfOurs('traces', protocol, spans)).equals(expected)).toBe(true);
    expect(expected.length).toBeGreaterThan(100);
  });

  it.each([
    ['http/protobuf', () => new ProtoLogExporter({ url: httpUrl })],
    ['http/json', () => new JsonLogExporter({ url: httpUrl })],
    ['grpc', () => new GrpcLogExporter({ url: grpcUrl })],
  ] as const)('is what the SDK sends for log records over %s', async (protocol, exporter) => {
    const expected = await bodyOfSdk(exporter(), records.map(asSdk.logRecord));
    expect((await bodyOfOurs('logs', protocol, records)).equals(expected)).toBe(true);
    expect(expected.length).toBeGreaterThan(100);
  });

  it.each([
    ['http/protobuf', () => new ProtoMetricExporter({ url: httpUrl })],
    ['http/json', () => new JsonMetricExporter({ url: httpUrl })],
    ['grpc', () => new GrpcMetricExporter({ url: grpcUrl })],
  ] as const)('is what the SDK sends for metrics over %s', async (protocol, exporter) => {
    const expected = await bodyOfSdk(exporter(), asSdk.metrics(metrics));
    expect((await bodyOfOurs('metrics', protocol, [metrics])).equals(expected)).toBe(true);
    expect(expected.length).toBeGreaterThan(50);
  });
});
