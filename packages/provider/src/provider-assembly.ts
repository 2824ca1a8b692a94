import type { OtelSettings } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient, STATSIG_EXCLUDED_METRICS } from '@codex-otel/metrics';
import type { LoggerProvider } from '@opentelemetry/api';
import { createNoopLogger } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Exporters } from './destinations.ts';
import { checkedDestinations } from './destinations.ts';
import { enableDebugOutput, reportConfiguration, reportForeignApi } from './diagnostics.ts';
import { onProcessEnd } from './handover/exit-hooks.ts';
import { handOver } from './handover/hand-over.ts';
import { defaultUploaderCommand } from './handover/uploader-process.ts';
import { OutletLoggerProvider } from './logs/outlet-logger-provider.ts';
import { OutletMetricExporter } from './metrics/outlet-metric-exporter.ts';
import { OtelProvider } from './otel-provider.ts';
import { installGlobals, uninstallGlobals } from './process-globals.ts';
import type { OtelProviderOptions } from './provider-options.ts';
import type { SignalPipelines } from './signal-pipeline.ts';
import { handOverSources, openPipelines } from './signal-pipeline.ts';
import type { SignalResources } from './telemetry-resource.ts';
import { signalResources } from './telemetry-resource.ts';
import { noopTracerProvider } from './traces/following-tracer-provider.ts';
import { OutletTracerProvider } from './traces/outlet-tracer-provider.ts';

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
  const { env, registerGlobals, hostName, spanEvents = 'trace-safe' } = options;
  enableDebugOutput(env);
  const destinations = await checkedDestinations(settings, exporters, env);
  const pipelines = openPipelines(settings, destinations, env);
  const resources = signalResources(settings, hostName);

  const metrics = await createMetrics(settings, pipelines, resources, env);
  const { sampler, spanAttributes } = settings;
  const tracerProvider =
    pipelines.traces &&
    new OutletTracerProvider({
      resource: resources.traces,
      sink: pipelines.traces.outlet,
      spanEvents,
      spanAttributes,
      sampler,
    });
  const loggerProvider =
    pipelines.logs && new OutletLoggerProvider({ resource: resources.logs, sink: pipelines.logs.outlet });

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

  const provider = new OtelProvider({
    tracer: tracerProvider?.outletTracer(settings.serviceName) ?? noopTracerProvider.getTracer(settings.serviceName),
    loggerProvider: loggerProvider ?? noopLoggerProvider,
    metrics,
    pipelines,
    handOver: () =>
      handOver(handOverSources(pipelines), { command: options.uploaderCommand ?? defaultUploaderCommand() }),
    onEnd: () => {
      uninstallGlobals(globals);
      stayWithProcess();
    },
  });
  const stayWithProcess =
    options.handoverOnExit === false ? () => {} : onProcessEnd(() => provider.shutdownOnProcessExit());
  return provider;
}

const noopLoggerProvider: LoggerProvider = { getLogger: () => createNoopLogger() };

async function createMetrics(
  settings: OtelSettings,
  { metrics }: SignalPipelines,
  resources: SignalResources,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly client: MetricsClient; readonly exporter: OutletMetricExporter } | undefined> {
  if (metrics === undefined) return undefined;
  const exporter = new OutletMetricExporter(metrics.outlet);
  const client = await createMetricsClient({
    environment: settings.environment,
    serviceName: settings.serviceName,
    serviceVersion: settings.serviceVersion,
    exporter,
    exportIntervalMillis: settings.metricExportIntervalMillis,
    runtimeReader: settings.runtimeMetrics,
    temporality: settings.temporality,
    resource: resources.metrics,
    // The list belongs to the shorthand, which the exporter itself no longer shows.
    excludedMetrics: settings.metricsExporter.kind === 'statsig' ? STATSIG_EXCLUDED_METRICS : [],
    env,
  });
  return { client, exporter };
}
