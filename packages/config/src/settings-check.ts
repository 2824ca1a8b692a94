import type { OtelConfigProblem } from './otel-config-error.ts';
import { throwProblems } from './otel-config-error.ts';
import type { OtelExporter } from './otel-exporter.ts';
import type { OtelSampler, OtelSettings } from './otel-settings.ts';
import { EXPORTER_KEYS } from './signal.ts';
import { tomlPath } from './toml-path.ts';

/** The exporter properties, and their keys in the `[otel]` table. */
const exporterKeys = {
  exporter: EXPORTER_KEYS.logs,
  traceExporter: EXPORTER_KEYS.traces,
  metricsExporter: EXPORTER_KEYS.metrics,
} as const satisfies Partial<Record<keyof OtelSettings, string>>;
/** The checks for each kind of exporter; a missing kind does not compile. */
const exporterChecks: Readonly<Record<OtelExporter['kind'], (exporter: Table, path: string) => Problems>> = {
  none: () => [],
  console: () => [],
  statsig: ({ apiKey, endpoint }, path) => [
    ...optionalTextProblems(apiKey, `${path}.api_key`),
    ...optionalTextProblems(endpoint, `${path}.endpoint`),
  ],
  'otlp-http': (exporter, path) => [
    ...choiceProblems(exporter.protocol, ['binary', 'json'], `${path}.protocol`),
    ...connectionProblems(exporter, path),
  ],
  'otlp-grpc': connectionProblems,
};
const samplerKinds = Object.keys({
  'always-on': true,
  'always-off': true,
  'trace-id-ratio': true,
  'parent-based': true,
} satisfies Record<OtelSampler['kind'], true>);
const tlsKeys = {
  caCertificate: 'ca-certificate',
  clientCertificate: 'client-certificate',
  clientPrivateKey: 'client-private-key',
};

type Table = Readonly<Record<string, unknown>>;
type Problems = readonly OtelConfigProblem[];

/**
 * Checks the shape of settings that may be written by hand: refuses what `parseOtelConfig` or a type checker would
 * refuse, as far as a provider depends on it. Whether an endpoint is a URL and a file exists is checked later, with its
 * value.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG with every problem; values that may be secret are not in it.
 */
export function validateOtelSettings(settings: OtelSettings): void {
  throwProblems(problemsOf(settings));
}

function problemsOf(settings: unknown): Problems {
  if (!isTable(settings)) return [wrong('settings', settings, 'an object, as parseOtelConfig gives')];
  const problems = Object.entries(exporterKeys).flatMap(([property, key]) =>
    exporterProblems(settings[property], property, `otel.${key}`),
  );
  // Without an exporter no service name is needed.
  if (Object.keys(exporterKeys).every((property) => isOff(settings[property]))) return problems;
  const { environment, serviceName, serviceVersion, codexHome, spanAttributes, resourceAttributes, spool } = settings;
  return [
    ...problems,
    ...textProblems(environment, 'otel.environment'),
    ...textProblems(serviceName, 'serviceName'),
    ...textProblems(serviceVersion, 'serviceVersion'),
    ...tableProblems(spanAttributes, 'otel.span_attributes'),
    ...tableProblems(resourceAttributes, 'otel.resource_attributes'),
    ...tableProblems(spool, 'otel.spool'),
    ...(isTable(spool) ? optionalTextProblems(spool.directory, 'otel.spool.directory') : []),
    ...(isTable(spool) && spool.directory === undefined ? textProblems(codexHome, 'codexHome') : []),
    ...samplerProblems(settings.sampler, 'sampler'),
  ];
}

function isOff(exporter: unknown): boolean {
  return isTable(exporter) && exporter.kind === 'none';
}

function exporterProblems(exporter: unknown, property: string, path: string): Problems {
  if (!isTable(exporter)) {
    const { message } = wrong(path, exporter, `an object whose kind is ${oneOf(Object.keys(exporterChecks))}`);
    return [{ path, message: `${property}: ${message}` }];
  }
  const { kind } = exporter;
  return isExporterKind(kind)
    ? exporterChecks[kind](exporter, `${path}.${kind}`)
    : choiceProblems(kind, Object.keys(exporterChecks), `${path}.kind`);
}

function isExporterKind(kind: unknown): kind is OtelExporter['kind'] {
  return typeof kind === 'string' && Object.hasOwn(exporterChecks, kind);
}

function connectionProblems(exporter: Table, path: string): Problems {
  const { endpoint, headers, tls, compression } = exporter;
  return [
    ...(typeof endpoint === 'string'
      ? []
      : [wrong(`${path}.endpoint`, endpoint, 'a URL that starts with http:// or https://')]),
    ...headerProblems(headers, `${path}.headers`),
    ...(compression === undefined ? [] : choiceProblems(compression, ['gzip', 'none'], `${path}.compression`)),
    ...tableProblems(tls, `${path}.tls`),
    ...(isTable(tls)
      ? Object.entries(tlsKeys).flatMap(([property, key]) => optionalTextProblems(tls[property], `${path}.tls.${key}`))
      : []),
  ];
}

function headerProblems(headers: unknown, path: string): Problems {
  if (headers === undefined || typeof headers === 'function') return [];
  // A Map or Headers has no properties: its headers would be lost silently.
  if (!isTable(headers)) return [wrong(path, headers, 'an object of strings, or a function that gives one')];
  return Object.entries(headers).flatMap(([name, value]) => textProblems(value, `${path}.${tomlPath([name])}`));
}

function samplerProblems(sampler: unknown, path: string): Problems {
  if (sampler === undefined) return [];
  if (!isTable(sampler)) return [wrong(path, sampler, `an object whose kind is ${oneOf(samplerKinds)}`)];
  const kindProblems = choiceProblems(sampler.kind, samplerKinds, `${path}.kind`);
  if (sampler.kind !== 'parent-based') return kindProblems;
  const { root } = sampler;
  const rootKinds = samplerKinds.filter((kind) => kind !== 'parent-based');
  return choiceProblems(isTable(root) ? root.kind : undefined, rootKinds, `${path}.root.kind`);
}

function textProblems(value: unknown, path: string): Problems {
  return typeof value === 'string' ? [] : [wrong(path, value, 'a string')];
}

function optionalTextProblems(value: unknown, path: string): Problems {
  return value === undefined ? [] : textProblems(value, path);
}

function tableProblems(value: unknown, path: string): Problems {
  return value === undefined || isTable(value) ? [] : [wrong(path, value, 'an object')];
}

function choiceProblems(value: unknown, allowed: readonly string[], path: string): Problems {
  if (typeof value === 'string' && allowed.includes(value)) return [];
  const expected = oneOf(allowed);
  // Only a single word is shown: longer text could be anything, even a key.
  const isWord = typeof value === 'string' && /^[a-z][a-z/_-]{0,30}$/i.test(value);
  return [isWord ? { path, message: `found '${value}', expected ${expected}` } : wrong(path, value, expected)];
}

function wrong(path: string, value: unknown, expected: string): OtelConfigProblem {
  const found = value === undefined ? 'missing' : `found ${kindOf(value)}`;
  return { path, message: `${found}, expected ${expected}` };
}

/** The type of a value, without the value. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isTable(value) ? 'an object' : 'an object of another kind';
}

function oneOf(allowed: readonly string[]): string {
  return allowed
    .map((each) => `'${each}'`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}
