import { warn } from './diagnostics.ts';
import { withoutCredentials } from './endpoint.ts';
import type { Env } from './env.ts';
import { envBoolean, envChoice, envPairs, envText, envWholeNumber, ignored } from './env.ts';
import type { OtelExporter, OtlpHeaders } from './otel-exporter.ts';
import type { OtelBatchSettings, OtelRootSampler, OtelSampler, OtelSettings } from './otel-settings.ts';
import { defaultEndpoint, envGrpcEndpoint, envHttpEndpoint, envProtocol } from './otlp-environment.ts';
import { present } from './present.ts';
import { hidingUrlSecrets } from './redaction.ts';
import type { OtelSignal } from './signal.ts';

/** Values of `OTEL_TRACES_SAMPLER`: whether the parent decides, and the sampler for root spans. */
const samplers: ReadonlyMap<string, readonly [asksParent: boolean, root: OtelRootSampler['kind']]> = new Map([
  ['always_on', [false, 'always-on']],
  ['always_off', [false, 'always-off']],
  ['traceidratio', [false, 'trace-id-ratio']],
  ['parentbased_always_on', [true, 'always-on']],
  ['parentbased_always_off', [true, 'always-off']],
  ['parentbased_traceidratio', [true, 'trace-id-ratio']],
]);

/**
 * How `OTEL_<SIGNAL>_EXPORTER` names each kind of exporter; `undefined` for a kind that it cannot name. A kind that is
 * missing here does not compile.
 */
const EXPORTER_NAMES = {
  none: 'none',
  console: 'console',
  statsig: undefined,
  'otlp-http': 'otlp',
  'otlp-grpc': 'otlp',
} as const satisfies Record<OtelExporter['kind'], string | undefined>;

type ExporterName = NonNullable<(typeof EXPORTER_NAMES)[OtelExporter['kind']]>;

function isExporterName(name: string): name is ExporterName {
  return Object.values<string | undefined>(EXPORTER_NAMES).includes(name);
}

/** Whether `OTEL_SDK_DISABLED` turns everything off. */
export function isDisabled(env: Env): boolean {
  return envBoolean(env, 'OTEL_SDK_DISABLED') === true;
}

/** Builds the headers of an exporter from those in its endpoint. */
type HeadersWith = (headers: Readonly<Record<string, string>>) => OtlpHeaders | undefined;

/**
 * The exporter that the environment switches on for a signal that the file does not configure.
 *
 * @param headersWith - Adds the file's headers for all exporters.
 */
export function envExporter(env: Env, signal: OtelSignal, headersWith: HeadersWith): OtelExporter {
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const names = envText(env, name)
    ?.split(',')
    .map((part) => part.trim().toLowerCase()) ?? ['none'];
  const known = names.filter(isExporterName);
  const [first = 'none'] = known;
  if (known.length < names.length) ignored(name, names.join(','), "'otlp', 'console' or 'none'");
  else if (names.length > 1) warn({ path: name, message: `only the first of its exporters, '${first}', is used` });
  return first === 'otlp' ? envOtlpExporter(env, signal, headersWith) : { kind: first };
}

function envOtlpExporter(env: Env, signal: OtelSignal, headersWith: HeadersWith): OtelExporter {
  const protocol = envProtocol(env, signal) ?? 'http/protobuf';
  if (protocol === 'grpc') {
    const at = target(envGrpcEndpoint(env, signal) ?? defaultEndpoint('grpc', signal), headersWith);
    return hidingUrlSecrets({ kind: 'otlp-grpc', ...at }, 'endpoint');
  }
  const at = target(envHttpEndpoint(env, signal) ?? defaultEndpoint('http', signal), headersWith);
  const encoding = protocol === 'http/json' ? 'json' : 'binary';
  return hidingUrlSecrets({ kind: 'otlp-http', ...at, protocol: encoding }, 'endpoint');
}

/** An endpoint without its credentials, and the headers of its exporter. */
function target(url: string, headersWith: HeadersWith): { readonly endpoint: string; readonly headers?: OtlpHeaders } {
  const { endpoint, authorization } = withoutCredentials(url);
  return { endpoint, ...present({ headers: headersWith(present({ authorization })) }) };
}

/** The resource attributes from the environment. */
export interface EnvResource {
  readonly serviceName: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

export function envResource(env: Env): EnvResource {
  return {
    serviceName: envText(env, 'OTEL_SERVICE_NAME'),
    attributes: envPairs(env, 'OTEL_RESOURCE_ATTRIBUTES') ?? {},
  };
}

/** The temporality set in the environment. */
export function envTemporality(env: Env): OtelSettings['temporality'] {
  return envChoice(env, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', ['delta', 'cumulative', 'lowmemory']);
}

/** The settings that only the environment has: batches, sampling, the metric interval. */
export function envPipelines(
  env: Env,
): Pick<
  OtelSettings,
  'traceBatch' | 'logBatch' | 'sampler' | 'metricExportIntervalMillis' | 'metricExportTimeoutMillis'
> {
  return {
    traceBatch: envBatch(env, 'OTEL_BSP'),
    logBatch: envBatch(env, 'OTEL_BLRP'),
    sampler: envSampler(env),
    metricExportIntervalMillis: envWholeNumber(env, 'OTEL_METRIC_EXPORT_INTERVAL', 1),
    metricExportTimeoutMillis: envWholeNumber(env, 'OTEL_METRIC_EXPORT_TIMEOUT', 1),
  };
}

function envBatch(env: Env, prefix: string): OtelBatchSettings | undefined {
  const scheduledDelayMillis = envWholeNumber(env, `${prefix}_SCHEDULE_DELAY`, 0);
  const exportTimeoutMillis = envWholeNumber(env, `${prefix}_EXPORT_TIMEOUT`, 1);
  const maxQueueSize = envWholeNumber(env, `${prefix}_MAX_QUEUE_SIZE`, 1);
  let maxExportBatchSize = envWholeNumber(env, `${prefix}_MAX_EXPORT_BATCH_SIZE`, 1);
  if (maxQueueSize !== undefined && maxExportBatchSize !== undefined && maxExportBatchSize > maxQueueSize) {
    const allowed = `at most ${prefix}_MAX_QUEUE_SIZE, which is ${maxQueueSize}`;
    maxExportBatchSize = ignored(`${prefix}_MAX_EXPORT_BATCH_SIZE`, String(maxExportBatchSize), allowed);
  }
  const batch = present({ scheduledDelayMillis, maxQueueSize, maxExportBatchSize, exportTimeoutMillis });
  return Object.keys(batch).length === 0 ? undefined : batch;
}

function envSampler(env: Env): OtelSampler | undefined {
  const choice = samplers.get(envChoice(env, 'OTEL_TRACES_SAMPLER', [...samplers.keys()]) ?? '');
  if (choice === undefined) return undefined;
  const [asksParent, kind] = choice;
  const root: OtelRootSampler = kind === 'trace-id-ratio' ? { kind, ratio: envRatio(env) } : { kind };
  return asksParent ? { kind: 'parent-based', root } : root;
}

function envRatio(env: Env): number {
  const name = 'OTEL_TRACES_SAMPLER_ARG';
  const text = envText(env, name);
  if (text === undefined) return 1;
  const ratio = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return ratio >= 0 && ratio <= 1 ? ratio : (ignored(name, text, 'a number from 0 to 1') ?? 1);
}
