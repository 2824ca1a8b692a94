import type { OtelSettings } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient } from '@codex-otel/metrics';
import type { LoggerProvider, TracerProvider } from '@opentelemetry/api';
import { createNoopLogger } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Resource } from '@opentelemetry/resources';
import type { Exporters } from './destinations.ts';
import { checkedDestinations } from './destinations.ts';
import { enableDebugOutput, reportConfiguration, reportForeignApi } from './diagnostics.ts';
import { logRecordBytes, metricPoints, metricsBytes, spanBytes } from './item-size.ts';
import { OutletLoggerProvider } from './logs/outlet-logger-provider.ts';
import type { OutletMetricExporter } from './metrics/outlet-metric-exporter.ts';
import { OtelProvider } from './otel-provider.ts';
import type { Outlet } from './outlet/outlet.ts';
import type { Signal } from './outlet/outlet-report.ts';
import { installGlobals, uninstallGlobals } from './process-globals.ts';
import type { OtelProviderOptions } from './provider-options.ts';
import { openPipeline, signalOutlet } from './signal-pipeline.ts';
import {
  logResourceAttributes,
  serviceInstanceId,
  settledResource,
  traceResourceAttributes,
} from './telemetry-resource.ts';
import { noopTracerProvider } from './traces/following-tracer-provider.ts';
import type { SpanEventRule } from './traces/span-record.ts';
import type { SignalItems } from './transport/open-sender.ts';

/** Options with their defaults applied. */
export type AssemblyOptions = OtelProviderOptions &
  Required<Pick<OtelProviderOptions, 'registerGlobals'>> & {
    readonly env: Readonly<Record<string, string | undefined>>;
  };

/** Builds a provider for settings of which at least one exporter is not none. */
export async function assembleProvider(
  settings: OtelSettings,
  exporters: Exporters,
  options: AssemblyOptions,
): Promise<OtelProvider> {
  const { env, registerGlobals } = options;
  enableDebugOutput(env);
  const destinations = await checkedDestinations(settings, exporters, env);

  const traces = openPipeline({
    signal: 'traces',
    destination: destinations.traces,
    batch: settings.traceBatch,
    env,
    sizeOf: spanBytes,
  });
  const logs = openPipeline({
    signal: 'logs',
    destination: destinations.logs,
    batch: settings.logBatch,
    env,
    sizeOf: logRecordBytes,
  });
  const metricsOutlet = openPipeline({
    signal: 'metrics',
    destination: destinations.metrics,
    batch: { exportTimeoutMillis: settings.metricExportTimeoutMillis },
    env,
    sizeOf: metricsBytes,
    countOf: metricPoints,
  });

  const instanceId = serviceInstanceId(settings);
  const traceResource = settledResource(traceResourceAttributes(settings, instanceId));
  const tracerProvider =
    traces && (await createTracerProvider(settings, traceResource, traces, options.spanEvents ?? 'trace-safe'));
  const loggerProvider =
    logs &&
    new OutletLoggerProvider({
      resource: settledResource(logResourceAttributes(settings, instanceId, options.hostName)),
      sink: logs,
    });
  const metrics = metricsOutlet && (await createMetrics(settings, metricsOutlet));

  const globals = {
    tracerProvider,
    loggerProvider,
    metrics: metrics?.client,
    tracestate: settings.tracestate ?? {},
    createContextManager: () => new AsyncLocalStorageContextManager(),
  };
  if (registerGlobals) {
    reportForeignApi();
    installGlobals(globals);
  }
  reportConfiguration(destinations);
  return new OtelProvider({
    tracer: (tracerProvider ?? noopTracerProvider).getTracer(settings.serviceName),
    loggerProvider: loggerProvider ?? noopLoggerProvider,
    metrics,
    outlets: present({
      traces: signalOutlet(traces),
      logs: signalOutlet(logs),
      metrics: signalOutlet(metricsOutlet),
    }),
    onEnd: () => uninstallGlobals(globals),
  });
}

const noopLoggerProvider: LoggerProvider = { getLogger: () => createNoopLogger() };

async function createTracerProvider(
  settings: OtelSettings,
  resource: Resource,
  sink: Outlet<SignalItems['traces']>,
  spanEvents: SpanEventRule,
): Promise<TracerProvider> {
  const { createSdkTracerProvider } = await import('./traces/sdk-tracer-provider.ts');
  return createSdkTracerProvider(settings, { resource, sink, spanEvents });
}

async function createMetrics(
  settings: OtelSettings,
  sink: Outlet<SignalItems['metrics']>,
): Promise<{ readonly client: MetricsClient; readonly exporter: OutletMetricExporter }> {
  const { OutletMetricExporter } = await import('./metrics/outlet-metric-exporter.ts');
  const exporter = new OutletMetricExporter({ sink, temporality: settings.temporality ?? 'delta' });
  const client = await createMetricsClient({
    environment: settings.environment,
    serviceName: settings.serviceName,
    serviceVersion: settings.serviceVersion,
    exporter,
    exportIntervalMillis: settings.metricExportIntervalMillis,
    runtimeReader: settings.runtimeMetrics,
  });
  return { client, exporter };
}

/** The entries that are there. */
function present<T>(record: Readonly<Record<Signal, T | undefined>>): Readonly<Partial<Record<Signal, T>>> {
  const { traces, logs, metrics } = record;
  return { ...(traces && { traces }), ...(logs && { logs }), ...(metrics && { metrics }) };
}
