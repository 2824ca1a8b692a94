import type { OtelConfigProblem, OtelSettings } from '@codex-otel/config';
import { OtelConfigError } from '@codex-otel/config';
import { oneLine } from '../values/one-line.ts';

/** The properties that say where signals go, and their keys in the `[otel]` table. */
const exporterKeys = { exporter: 'exporter', traceExporter: 'trace_exporter', metricsExporter: 'metrics_exporter' };
const exporterKinds = ['none', 'console', 'statsig', 'otlp-http', 'otlp-grpc'];
const samplerKinds = ['always-on', 'always-off', 'trace-id-ratio', 'parent-based'];
const tlsKeys = {
  caCertificate: 'ca-certificate',
  clientCertificate: 'client-certificate',
  clientPrivateKey: 'client-private-key',
};

type Table = Readonly<Record<string, unknown>>;

/**
 * Checks the shape of settings that may have been made by hand: what `parseOtelConfig` would have refused, and what
 * a type checker would, as far as a provider depends on it. Whether an endpoint is a URL and a file is there is
 * checked later, with its value.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG with every problem; values that may be secret are not in it.
 */
export function checkSettings(settings: OtelSettings): void {
  const [first, ...others] = problemsOf(settings);
  if (first !== undefined) throw new OtelConfigError([first, ...others]);
}

function problemsOf(settings: unknown): readonly OtelConfigProblem[] {
  if (!isTable(settings)) return [wrong('settings', settings, 'an object, as parseOtelConfig gives')];
  const problems = Object.entries(exporterKeys).flatMap(([property, key]) =>
    exporterProblems(settings[property], property, `otel.${key}`),
  );
  // Who sends nothing needs no name.
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

function exporterProblems(exporter: unknown, property: string, path: string): readonly OtelConfigProblem[] {
  if (!isTable(exporter)) {
    const { message } = wrong(path, exporter, `an object whose kind is ${oneOf(exporterKinds)}`);
    return [{ path, message: `${property}: ${message}` }];
  }
  const { kind } = exporter;
  switch (kind) {
    case 'none':
    case 'console':
      return [];
    case 'statsig':
      return [
        ...optionalTextProblems(exporter.apiKey, `${path}.statsig.api_key`),
        ...optionalTextProblems(exporter.endpoint, `${path}.statsig.endpoint`),
      ];
    case 'otlp-http':
      return [
        ...choiceProblems(exporter.protocol, ['binary', 'json'], `${path}.${kind}.protocol`),
        ...connectionProblems(exporter, `${path}.${kind}`),
      ];
    case 'otlp-grpc':
      return connectionProblems(exporter, `${path}.${kind}`);
    default:
      return choiceProblems(kind, exporterKinds, `${path}.kind`);
  }
}

function connectionProblems(exporter: Table, path: string): readonly OtelConfigProblem[] {
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

function headerProblems(headers: unknown, path: string): readonly OtelConfigProblem[] {
  if (headers === undefined || typeof headers === 'function') return [];
  // A Map and a Headers have no properties: every header in them would be forgotten without a word.
  if (!isTable(headers)) return [wrong(path, headers, 'an object of strings, or a function that gives one')];
  return Object.entries(headers).flatMap(([name, value]) => textProblems(value, `${path}.${keyOf(name)}`));
}

function samplerProblems(sampler: unknown, path: string): readonly OtelConfigProblem[] {
  if (sampler === undefined) return [];
  if (!isTable(sampler)) return [wrong(path, sampler, `an object whose kind is ${oneOf(samplerKinds)}`)];
  const kindProblems = choiceProblems(sampler.kind, samplerKinds, `${path}.kind`);
  if (sampler.kind !== 'parent-based') return kindProblems;
  const { root } = sampler;
  const rootKinds = samplerKinds.filter((kind) => kind !== 'parent-based');
  return choiceProblems(isTable(root) ? root.kind : undefined, rootKinds, `${path}.root.kind`);
}

function textProblems(value: unknown, path: string): readonly OtelConfigProblem[] {
  return typeof value === 'string' ? [] : [wrong(path, value, 'a string')];
}

function optionalTextProblems(value: unknown, path: string): readonly OtelConfigProblem[] {
  return value === undefined ? [] : textProblems(value, path);
}

function tableProblems(value: unknown, path: string): readonly OtelConfigProblem[] {
  return value === undefined || isTable(value) ? [] : [wrong(path, value, 'an object')];
}

function choiceProblems(value: unknown, allowed: readonly string[], path: string): readonly OtelConfigProblem[] {
  if (typeof value === 'string' && allowed.includes(value)) return [];
  const expected = oneOf(allowed);
  // Only a word is shown: a whole text in this place could be anything, a key too.
  const isWord = typeof value === 'string' && /^[a-z][a-z/_-]{0,30}$/i.test(value);
  return [isWord ? { path, message: `found '${value}', expected ${expected}` } : wrong(path, value, expected)];
}

function wrong(path: string, value: unknown, expected: string): OtelConfigProblem {
  const found = value === undefined ? 'missing' : `found ${kindOf(value)}`;
  return { path, message: `${found}, expected ${expected}` };
}

/** What a value is, without the value. */
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

function keyOf(name: string): string {
  return /^[\w-]{1,60}$/.test(name) ? name : JSON.stringify(oneLine(name).slice(0, 60));
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}
