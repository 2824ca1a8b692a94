import type { OtelSettings, OtelSignal } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient, reportForeignApi, STATSIG_EXCLUDED_METRICS } from '@codex-otel/metrics';
import { setTracestateEntries } from '@codex-otel/trace-context';
import type { LoggerProvider } from '@opentelemetry/api';
import { createNoopLogger, SeverityNumber } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { onProcessEnd } from './handover/exit-hooks.ts';
import { beginHandOver, prepareHandOver } from './handover/hand-over.ts';
import { defaultUploaderCommand } from './handover/uploader-process.ts';
import { OutletLoggerProvider } from './logs/outlet-logger-provider.ts';
import { lossCounter, telemetryDropped } from './metrics/loss-counter.ts';
import { OutletMetricExporter } from './metrics/outlet-metric-exporter.ts';
import type { OtelProvider } from './otel-provider.ts';
import { processClock } from './outlet/clock.ts';
import { checkedDestinations, exportersOf } from './pipeline/destinations.ts';
import type { ShutdownErrorMaker } from './pipeline/otel-shutdown-error.ts';
import { RunningProvider } from './pipeline/running-provider.ts';
import type { SignalPipelines } from './pipeline/signal-pipeline.ts';
import { handOverSources, openPipelines } from './pipeline/signal-pipeline.ts';
import type { OtelProviderOptions } from './provider-options.ts';
import { enableDebugOutput, reportConfiguration, reportNothingConfigured } from './setup/diagnostics.ts';
import { reportLimits } from './setup/limits.ts';
import { installGlobals, uninstallGlobals } from './setup/process-globals.ts';
import type { SignalResources } from './setup/telemetry-resource.ts';
import { signalResources } from './setup/telemetry-resource.ts';
import type { Spool } from './spool/spool.ts';
import { OutletTracerProvider } from './traces/outlet-tracer-provider.ts';
import { noopTracerProvider } from './traces/proxy-tracer-provider.ts';

/** Options with their defaults applied. */
export type AssemblyOptions = OtelProviderOptions &
  Required<Pick<OtelProviderOptions, 'registerGlobals'>> & {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly incomplete: ShutdownErrorMaker;
  };

/** By then most programs have started. */
const PREPARE_MILLIS = 1000;

/** Builds a provider, unless all exporters resolve to `none`. */
export async function assembleProvider(
  settings: OtelSettings,
  options: AssemblyOptions,
): Promise<OtelProvider | undefined> {
  const { env, registerGlobals, hostName, spanEvents = 'trace-safe' } = options;
  const exporters = exportersOf(settings, env);
  enableDebugOutput(env);
  if (Object.values(exporters).every(({ kind }) => kind === 'none')) {
    if (registerGlobals) setTracestateEntries({});
    reportNothingConfigured(env);
    return undefined;
  }
  const destinations = await checkedDestinations(settings, exporters, { env, grpc: options.grpc });
  const spool = await spoolOf(settings);
  const pipelines = openPipelines(settings, destinations, {
    spool,
    onLoss: () => countLost(),
    // A provider that is ending accepts no more records.
    onDropsOver: (signal, items) => {
      if (!provider.isEnding) reportDrops(provider, signal, items);
    },
  });
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
  reportForeignApi(env);
  if (registerGlobals) installGlobals(globals);
  reportConfiguration(destinations);

  const uploaderCommand = () => options.uploaderCommand ?? defaultUploaderCommand();
  const countLost = lossCounter(() => provider.stats(), metrics?.client);
  const canHandOver = () => spool !== undefined || uploaderCommand() !== undefined;
  if (options.handoverOnExit !== false) reportLimits({ uploader: uploaderCommand(), hasSpool: spool !== undefined });
  const provider = new RunningProvider({
    countLost,
    tracer: tracerProvider?.outletTracer(settings.serviceName) ?? noopTracerProvider.getTracer(settings.serviceName),
    loggerProvider: loggerProvider ?? noopLoggerProvider,
    metrics,
    pipelines,
    beginHandOver: () => beginHandOver(handOverSources(pipelines), { command: uploaderCommand(), spool }),
    canHandOver,
    incomplete: options.incomplete,
    onEnd: () => {
      uninstallGlobals(globals);
      spool?.close();
      stayWithProcess();
      preparing.cancel();
    },
  });
  const stayWithProcess =
    options.handoverOnExit === false ? () => {} : onProcessEnd(() => provider.shutdownOnProcessExit());
  const preparing = processClock.after(PREPARE_MILLIS, prepareHandOver);
  return provider;
}

/** The spool is loaded only if it is configured. */
async function spoolOf({ spool, codexHome }: OtelSettings): Promise<Spool | undefined> {
  if (spool === undefined) return undefined;
  const { openSpool } = await import('./spool/spool.ts');
  return openSpool(spool, codexHome);
}

/** One record for each outage, so that a reader of the telemetry knows that some is missing. */
function reportDrops({ logger }: OtelProvider, signal: OtelSignal, items: number): void {
  logger.emit({
    eventName: telemetryDropped,
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    attributes: { 'event.name': telemetryDropped, 'telemetry.signal': signal, 'telemetry.dropped_count': items },
  });
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
    // The resolved exporter no longer shows that it was `statsig`.
    excludedMetrics: settings.metricsExporter.kind === 'statsig' ? STATSIG_EXCLUDED_METRICS : [],
    env,
  });
  return { client, exporter };
}
