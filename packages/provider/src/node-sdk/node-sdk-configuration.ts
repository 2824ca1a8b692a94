import type { OtelSettings } from '@codex-otel/config';
import { STATSIG_EXCLUDED_METRICS } from '@codex-otel/metrics';
import { setTracestateEntries, W3cPropagator } from '@codex-otel/trace-context';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { checkedDestinations, exportersOf } from '../pipeline/destinations.ts';
import type { SignalPipelines } from '../pipeline/signal-pipeline.ts';
import { openPipelines } from '../pipeline/signal-pipeline.ts';
import type { OtelProviderOptions } from '../provider-options.ts';
import { enableDebugOutput, reportConfiguration } from '../setup/diagnostics.ts';
import { signalResources } from '../setup/telemetry-resource.ts';
import { endingSink } from './ending-sink.ts';
import { HostMetricExporter } from './host-metric-exporter.ts';
import { OutletLogRecordProcessor } from './outlet-log-record-processor.ts';
import { OutletSpanProcessor } from './outlet-span-processor.ts';
import { sdkSampler } from './sdk-sampler.ts';

/** Options for {@link codexNodeSdkConfiguration}. */
export type CodexNodeSdkOptions = Pick<OtelProviderOptions, 'env' | 'hostName' | 'spanEvents' | 'grpc'>;

/**
 * The settings as a configuration of `NodeSDK`, for a host that runs OpenTelemetry's SDK with its own instrumentations.
 * It has the same exporters, resources, privacy wall and bounded queues as `createOtelProvider`; the host may add to
 * it.
 *
 * When this resolves, the configured tracestate is set for the process. A signal whose exporter is `none` gets an empty
 * list, so that the SDK does not start its own exporters; so do all signals with `OTEL_SDK_DISABLED=true`.
 *
 * @throws `OtelConfigError` of `@codex-otel/config`, INVALID_OTEL_CONFIG (as a rejection), if the settings have the
 * wrong shape, or an exporter, its TLS material or a span attribute is not valid.
 * @throws `TracestateError` of `@codex-otel/trace-context`, INVALID_TRACESTATE (as a rejection), if the configured
 * tracestate is not valid.
 */
export async function codexNodeSdkConfiguration(
  settings: OtelSettings,
  options: CodexNodeSdkOptions = {},
): Promise<Partial<NodeSDKConfiguration>> {
  const { env = process.env, hostName, spanEvents = 'trace-safe' } = options;
  enableDebugOutput(env);
  const destinations = await checkedDestinations(settings, exportersOf(settings, env), { env, grpc: options.grpc });
  const { traces, logs, metrics }: SignalPipelines = openPipelines(settings, destinations);
  const resources = signalResources(settings, hostName);
  const intervalMillis = settings.metricExportIntervalMillis;
  setTracestateEntries(settings.tracestate ?? {});
  reportConfiguration(destinations);
  return {
    resource: resources.traces,
    autoDetectResources: false,
    contextManager: new AsyncLocalStorageContextManager(),
    textMapPropagator: new W3cPropagator(),
    sampler: sdkSampler(settings.sampler),
    spanProcessors: traces
      ? [
          new OutletSpanProcessor({
            sink: endingSink(traces),
            spanEvents,
            spanAttributes: settings.spanAttributes ?? {},
          }),
        ]
      : [],
    logRecordProcessors: logs
      ? [new OutletLogRecordProcessor({ sink: endingSink(logs), resource: resources.logs })]
      : [],
    metricReaders: metrics
      ? [
          new PeriodicExportingMetricReader({
            exporter: new HostMetricExporter({
              sink: endingSink(metrics),
              resource: resources.metrics,
              temporality: settings.temporality ?? 'delta',
              excluded: new Set(settings.metricsExporter.kind === 'statsig' ? STATSIG_EXCLUDED_METRICS : []),
            }),
            // The SDK's default is the specification's.
            ...(intervalMillis !== undefined && { exportIntervalMillis: intervalMillis }),
          }),
        ]
      : [],
  };
}
