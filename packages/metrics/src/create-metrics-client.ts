import type { OtelExporter } from '@codex-otel/config';
import type { MeterProvider } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { FailureReport } from './failure-report.ts';
import { HostBackend } from './host-backend.ts';
import { STATSIG_EXCLUDED_METRICS } from './metric-exceptions.ts';
import { validateTags } from './metric-validation.ts';
import type { MetricsClient } from './metrics-client.ts';
import { openMetricsClient } from './metrics-client.ts';
import { MetricsError } from './metrics-error.ts';
import type { Tags } from './metrics-sink.ts';
import { openExporter } from './open-exporter.ts';
import type { GrpcLoader } from './otlp/grpc-package.ts';
import { metricsResourceAttributes } from './resource-attributes.ts';
import { SeriesStore } from './series-store.ts';
import { SettledResource } from './settled-resource.ts';
import { StoreBackend } from './store-backend.ts';
import type { TemporalityPreference } from './temporality.ts';
import { chooseTemporality, deltaTemporality } from './temporality.ts';
import { longestTimerMillis } from './time-limit.ts';

/** Settings of a client with an exporter of its own. */
export interface MetricsConfig {
  /** Resource attribute `env`, such as `dev`. */
  readonly environment: string;
  /** Resource attribute `service.name`. */
  readonly serviceName: string;
  /** Resource attribute `service.version`. */
  readonly serviceVersion: string;
  /** A configured exporter, one in memory for tests, or an exporter object. The client shuts it down. */
  readonly exporter:
    | OtelExporter
    | {
        /** For tests. */
        readonly kind: 'in-memory';
        /** Gets what is exported, such as an `InMemoryMetricExporter` of OpenTelemetry's SDK. */
        readonly exporter: PushMetricExporter;
      }
    | PushMetricExporter;
  /** Time between two exports, in milliseconds. @defaultValue `OTEL_METRIC_EXPORT_INTERVAL`, else `60000` */
  readonly exportIntervalMillis?: number | undefined;
  /** Whether {@link MetricsClient.snapshot} works. @defaultValue `false` */
  readonly runtimeReader?: boolean | undefined;
  /** Tags of every value; the tags of a call replace them by key. @defaultValue none */
  readonly defaultTags?: Tags | undefined;
  /**
   * Temporality: whether points count since the last export or since the start. @defaultValue what the exporter asks
   * for, else `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, else `delta`
   */
  readonly temporality?: TemporalityPreference | undefined;
  /** Further attributes of the resource; they do not replace the client's own. @defaultValue none */
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
  /** The resource, instead of one made of the settings. */
  readonly resource?: Resource | undefined;
  /**
   * Names of metrics that are not exported and appear in snapshots only.
   * @defaultValue `STATSIG_EXCLUDED_METRICS` for `statsig`, else none
   */
  readonly excludedMetrics?: readonly string[] | undefined;
  /**
   * How many series a metric may have between two exports; further ones go to one overflow series.
   * @defaultValue `2000`
   */
  readonly cardinalityLimit?: number | undefined;
  /**
   * Loads gRPC in a bundled program: `() => import('@grpc/grpc-js')`. Called only for an `otlp-grpc` exporter.
   * @defaultValue the package that Node finds beside this one
   */
  readonly grpc?: GrpcLoader | undefined;
  /**
   * Environment in which proxies, time-outs and other values without a setting are looked up.
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Settings of a client on a meter provider of the host. */
export interface HostMetricsConfig {
  /** The host's provider. A provider that the API gives before the host has registered one stays a no-op. */
  readonly meterProvider: MeterProvider;
  /** Tags of every value; the tags of a call replace them by key. @defaultValue none */
  readonly defaultTags?: Tags | undefined;
}

const defaultIntervalMillis = 60_000;

/**
 * Makes a client. The transport loads at the first export. Whether gRPC, an optional package, is installed is checked at
 * once.
 *
 * @throws {@link MetricsError} EXPORTER_DISABLED if the exporter is `none`, or `statsig` without a key;
 * EXPORTER_BUILD_FAILED if a package that it needs is not installed; EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT for a
 * default tag; INVALID_VALUE for an interval that is not positive; `OtelConfigError` of config for an endpoint or
 * certificate that is not valid. All as rejections.
 */
export async function createMetricsClient(config: MetricsConfig | HostMetricsConfig): Promise<MetricsClient> {
  if (typeof config !== 'object' || config === null) {
    throw new MetricsError('EXPORTER_DISABLED', 'there are no settings for a metrics client');
  }
  const { defaultTags = {} } = config;
  const failures = new FailureReport();
  if ('meterProvider' in config) {
    return openMetricsClient({ backend: new HostBackend(config.meterProvider, failures), defaultTags, failures });
  }
  const { env = process.env, runtimeReader = false } = config;
  if (typeof config.exporter !== 'object' || config.exporter === null) {
    throw new MetricsError('EXPORTER_DISABLED', 'there is no exporter for metrics');
  }
  // The client checks them too, but by then the export timer runs, and nothing could stop it.
  validateTags(defaultTags);
  const exportIntervalMillis = exportInterval(config.exportIntervalMillis, env);
  const isStatsig = 'kind' in config.exporter && config.exporter.kind === 'statsig';
  const excludedMetrics = config.excludedMetrics ?? (isStatsig ? STATSIG_EXCLUDED_METRICS : []);
  const { exporter, ownTemporality, describe } = await openExporter(config.exporter, env, config.grpc);
  const temporality = chooseTemporality({ preference: config.temporality, exporter: ownTemporality, env });
  const periodic = { temporality, excluded: new Set(excludedMetrics) };
  const store = new SeriesStore(runtimeReader ? [periodic, { temporality: deltaTemporality }] : [periodic], {
    failures,
    cardinalityLimit: config.cardinalityLimit,
  });
  const resource = config.resource ?? resourceOf(config);
  const backend = new StoreBackend({ store, exporter, resource, exportIntervalMillis, runtimeReader, describe });
  return openMetricsClient({ backend, defaultTags, failures });
}

function exportInterval(configured: number | undefined, env: Readonly<Record<string, string | undefined>>): number {
  if (configured === undefined) {
    // As in config: a malformed variable counts as not set.
    const text = env.OTEL_METRIC_EXPORT_INTERVAL?.trim() ?? '';
    const fromEnvironment = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return isInterval(fromEnvironment) ? fromEnvironment : defaultIntervalMillis;
  }
  if (isInterval(configured)) return configured;
  throw new MetricsError(
    'INVALID_VALUE',
    `exportIntervalMillis ${configured} is not a number above 0 and up to ${longestTimerMillis}`,
    { value: configured },
  );
}

function isInterval(millis: number): boolean {
  return millis > 0 && millis <= longestTimerMillis;
}

/** The attributes that the SDK's own resources have in addition to those of the service, in its order. */
const sdkAttributes = {
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '3.1.1',
} as const;

function resourceOf(config: MetricsConfig): Resource {
  // A copy of the settings as they are now, since they are read later.
  const settings = { ...config, resourceAttributes: { ...config.resourceAttributes } };
  return new SettledResource(() => ({ ...metricsResourceAttributes(settings), ...sdkAttributes }));
}
