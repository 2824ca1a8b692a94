// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
import { context, logs, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export { observe } from './api.mjs';

export function setUp(url) {
  const resource = resourceFromAttributes({ 'service.name': 'peer' });
  const exporter = (Exporter, signal) => new Exporter({ url: `${url}/v1/${signal}` });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  const spans = new BatchSpanProcessor({ exporter: exporter(OTLPTraceExporter, 'traces') });
  trace.setGlobalTracerProvider(new TracerProvider({ resource, spanProcessors: [spans] }));
  const records = new BatchLogRecordProcessor({ exporter: exporter(OTLPLogExporter, 'logs') });
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [records] }));
  const reader = new PeriodicExportingMetricReader({ exporter: exporter(OTLPMetricExporter, 'metrics') });
  metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: [reader] }));
}
