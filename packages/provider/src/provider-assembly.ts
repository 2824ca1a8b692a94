import type { OtelSettings } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient, STATSIG_EXCLUDED_METRICS } from '@codex-otel/metrics';
import type { LoggerProvider } from '@opentelemetry/api';
import { createNoopLogger } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Resource } from '@opentelemetry/resources';
import type { Exporters } from './destinations.ts';
import { checkedDestinations } from './destinations.ts';
import { enableDebugOutput, reportConfiguration, reportForeignApi } from './diagnostics.ts';
import { logRecordBytes, metricPoints, metricsBytes, spanBytes } from './item-size.ts';
import { OutletLoggerProvider } from './logs/outlet-logger-provider.ts';
import { OutletMetricExporter } from './metrics/outlet-metric-exporter.ts';
import { OtelProvider } from './otel-provider.ts';
import type { Outlet } from './outlet/outlet.ts';
import type { Signal } from './outlet/outlet-report.ts';
import { installGlobals, uninstallGlobals } from './process-globals.ts';
import type { OtelProviderOptions } from './provider-options.ts';
import { openPipeline, signalOutlet } from './signal-pipeline.ts';
import {
  logResourceAttributes,
  metricResourceAttributes,
  serviceInstanceId,
  settledResource,
  traceResourceAttributes,
} from './telemetry-resource.ts';
import { noopTracerProvider } from './traces/following-tracer-provider.ts';
import type { SdkTracerProvider } from './traces/sdk-tracer-provider.ts';
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
  const tracing =
    traces && (await createTracerProvider(settings, traceResource, traces, options.spanEvents ?? 'trace-safe'));
  const loggerProvider =
    logs &&
    new OutletLoggerProvider({
      resource: settledResource(logResourceAttributes(settings, instanceId, options.hostName)),
      sink: logs,
    });
  const metrics = metricsOutlet && (await createMetrics(settings, metricsOutlet, instanceId, env));

  const globals = {
    tracerProvider: tracing?.provider,
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
  const tracer = (tracing?.provider ?? noopTracerProvider).getTracer(settings.serviceName);
  return new OtelProvider({
    tracer,
    startSpanWithIds: (ids, name, spanOptions, context) => {
      const start = () => tracer.startSpan(name, spanOptions, context);
      return tracing === undefined ? start() : tracing.ids.with(ids, start);
    },
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
): Promise<SdkTracerProvider> {
  const { createSdkTracerProvider } = await import('./traces/sdk-tracer-provider.ts');
  return createSdkTracerProvider(settings, { resource, sink, spanEvents });
}

async function createMetrics(
  settings: OtelSettings,
  sink: Outlet<SignalItems['metrics']>,
  instanceId: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly client: MetricsClient; readonly exporter: OutletMetricExporter }> {
  const exporter = new OutletMetricExporter(sink);
  const client = await createMetricsClient({
    environment: settings.environment,
    serviceName: settings.serviceName,
    serviceVersion: settings.serviceVersion,
    exporter,
    exportIntervalMillis: settings.metricExportIntervalMillis,
    runtimeReader: settings.runtimeMetrics,
    temporality: settings.temporality,
    resource: settledResource(metricResourceAttributes(settings, instanceId)),
    // The list belongs to the shorthand, which the exporter itself no longer shows.
    excludedMetrics: settings.metricsExporter.kind === 'statsig' ? STATSIG_EXCLUDED_METRICS : [],
    env,
  });
  return { client, exporter };
}

/** The entries that are there. */
function present<T>(record: Readonly<Record<Signal, T | undefined>>): Readonly<Partial<Record<Signal, T>>> {
  const { traces, logs, metrics } = record;
  return { ...(traces && { traces }), ...(logs && { logs }), ...(metrics && { metrics }) };
}
