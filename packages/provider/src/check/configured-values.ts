import type { OtelExporter, OtelSettings, OtelSignal } from '@codex-otel/config';
import { endpointName, headersHelperOf } from '@codex-otel/config';
import { exporterKeys } from '../pipeline/destinations.ts';

/** A value of a signal's configuration, and where it is set. */
export interface ConfiguredValue {
  /** What is configured. */
  readonly name:
    | 'exporter'
    | 'endpoint'
    | 'protocol'
    | 'headers'
    | 'headers_helper'
    | 'compression'
    | 'timeout'
    | 'tls'
    | 'proxy'
    | 'temporality';
  /** Without secrets: of headers the names only, of an endpoint no user, password and query. */
  readonly value: string;
  /** A key of `config.toml`, an environment variable, or `default`. */
  readonly from: string;
}

/** Where the values of a signal come from. */
export interface ConfigurationSources {
  readonly settings: OtelSettings;
  /** The settings that the file alone gives. */
  readonly fileSettings: OtelSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type OtlpExporter = Extract<OtelExporter, { readonly kind: 'otlp-http' | 'otlp-grpc' }>;

/** What is configured for a signal, and where each value comes from. */
export function configuredValues(
  signal: OtelSignal,
  exporter: OtelExporter,
  sources: ConfigurationSources,
): readonly ConfiguredValue[] {
  const { fileSettings, env } = sources;
  const key = `otel.${exporterKeys[signal]}`;
  const inFile = exporterIn(fileSettings, signal).kind !== 'none';
  const switchedBy = inFile ? key : variableOf(env, [`OTEL_${signal.toUpperCase()}_EXPORTER`]);
  const kind: ConfiguredValue = { name: 'exporter', value: exporter.kind, from: switchedBy };
  // A kind of exporter that is missing here does not compile.
  switch (exporter.kind) {
    case 'none':
    case 'console':
    case 'statsig':
      return [kind];
    case 'otlp-http':
    case 'otlp-grpc':
      return [kind, ...connectionValues(signal, exporter, inFile, sources)];
  }
}

function connectionValues(
  signal: OtelSignal,
  exporter: OtlpExporter,
  inFile: boolean,
  sources: ConfigurationSources,
): readonly ConfiguredValue[] {
  const { env } = sources;
  const key = `otel.${exporterKeys[signal]}`;
  const table = `${key}.${exporter.kind}`;
  /** The key if the file sets it, else the variable. */
  const from = (name: string, hasKey: boolean, what: string) =>
    hasKey && inFile ? `${table}.${name}` : variableOf(env, exporterVariables(signal, what));
  const values: readonly (ConfiguredValue | undefined)[] = [
    { name: 'endpoint', value: endpointName(exporter.endpoint), from: from('endpoint', true, 'ENDPOINT') },
    protocolOf(exporter, inFile ? table : undefined, variableOf(env, exporterVariables(signal, 'PROTOCOL'))),
    ...headersOf(exporter, signal, table, env),
    {
      name: 'compression',
      value: exporter.compression ?? env[variableOf(env, exporterVariables(signal, 'COMPRESSION'))] ?? 'none',
      from: from('compression', exporter.compression !== undefined, 'COMPRESSION'),
    },
    tlsOf(exporter, signal, table, env),
    proxyOf(exporter.endpoint, env),
    signal === 'metrics' ? temporalityOf(sources) : undefined,
  ];
  return values.filter((value) => value !== undefined);
}

function exporterIn(settings: OtelSettings, signal: OtelSignal): OtelExporter {
  const { traceExporter, exporter, metricsExporter } = settings;
  return { traces: traceExporter, logs: exporter, metrics: metricsExporter }[signal];
}

function protocolOf(exporter: OtlpExporter, table: string | undefined, variable: string): ConfiguredValue {
  if (exporter.kind === 'otlp-grpc') return { name: 'protocol', value: 'grpc', from: table ?? variable };
  const value = exporter.protocol === 'json' ? 'http/json' : 'http/protobuf';
  return { name: 'protocol', value, from: table === undefined ? variable : `${table}.protocol` };
}

/** Only names: a value may be a secret, and so may a variable that does not contain pairs. */
function headersOf(
  { headers }: OtlpExporter,
  signal: OtelSignal,
  table: string,
  env: ConfigurationSources['env'],
): readonly ConfiguredValue[] {
  const helper = typeof headers === 'function' ? headersHelperOf(headers) : undefined;
  const own = typeof headers === 'object' ? headers : (helper?.headers ?? {});
  const named = Object.keys(own);
  const fromEnv = exporterVariables(signal, 'HEADERS').flatMap((variable) => {
    const names = pairNames(env[variable] ?? '');
    return names.length === 0 ? [] : [{ name: 'headers' as const, value: names.join(', '), from: variable }];
  });
  return [
    ...(named.length === 0 ? [] : [{ name: 'headers' as const, value: named.join(', '), from: `${table}.headers` }]),
    ...(helper === undefined
      ? []
      : [{ name: 'headers_helper' as const, value: helper.command[0] ?? '', from: 'headers_helper' }]),
    ...fromEnv,
  ];
}

/** The names in `name=value,name=value`; none for a value that merely ends in equals signs, as a key may. */
function pairNames(text: string): readonly string[] {
  return text.split(',').flatMap((pair) => {
    const [, name] = /^\s*([A-Za-z][\w.-]{0,39})\s*=\s*[^=\s]/.exec(pair) ?? [];
    return name === undefined ? [] : [name.toLowerCase()];
  });
}

function tlsOf(
  { tls }: OtlpExporter,
  signal: OtelSignal,
  table: string,
  env: ConfigurationSources['env'],
): ConfiguredValue | undefined {
  const files = Object.values(tls ?? {}).filter((file) => file !== undefined);
  if (files.length > 0) return { name: 'tls', value: files.join(', '), from: `${table}.tls` };
  const variable = variableOf(env, exporterVariables(signal, 'CERTIFICATE'));
  const file = env[variable];
  return file === undefined ? undefined : { name: 'tls', value: file, from: variable };
}

/** The proxy's host and its variable, whose value may contain a password. NO_PROXY may still exempt the endpoint. */
function proxyOf(endpoint: string, env: ConfigurationSources['env']): ConfiguredValue | undefined {
  const scheme = endpoint.toLowerCase().startsWith('https:') ? 'https' : 'http';
  const variable = [`${scheme}_proxy`, `${scheme}_proxy`.toUpperCase(), 'all_proxy', 'ALL_PROXY'].find((name) =>
    env[name]?.trim(),
  );
  const proxy = variable === undefined ? undefined : env[variable];
  if (variable === undefined || proxy === undefined) return undefined;
  const url = /:\/\//.test(proxy) ? proxy : `http://${proxy}`;
  return { name: 'proxy', value: URL.canParse(url) ? new URL(url).host : 'not a URL', from: variable };
}

function temporalityOf({ settings, fileSettings, env }: ConfigurationSources): ConfiguredValue {
  const variable = variableOf(env, ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE']);
  const from = fileSettings.temporality === undefined ? variable : 'otel.temporality';
  return { name: 'temporality', value: settings.temporality ?? 'delta', from };
}

/** A signal's own variable comes before the general one. */
function exporterVariables(signal: OtelSignal, what: string): readonly string[] {
  return [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`, `OTEL_EXPORTER_OTLP_${what}`];
}

/** The first variable that is set. */
function variableOf(env: ConfigurationSources['env'], names: readonly string[]): string {
  return names.find((name) => env[name]?.trim()) ?? 'default';
}
