import { absolutePath } from './absolute-path.ts';
import type { ConnectionTable, ExporterValue, HeadersHelperTable, TlsTable } from './config-table.ts';
import { withoutCredentials } from './endpoint.ts';
import type { Env } from './env.ts';
import { substituted } from './headers.ts';
import { attachHelper, headersFromHelper } from './headers-helper.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import type { OtelExporter, OtelTlsConfig, OtlpHeaders } from './otel-exporter.ts';
import { present } from './present.ts';
import { hidingUrlSecrets, REDACTED, secretRecord } from './redaction.ts';
import { tlsProblems } from './tls-config.ts';
import { tomlPath } from './toml-path.ts';

/** Context for reading an exporter's value. */
export interface ExporterContext {
  /** The exporter's key, such as `otel.trace_exporter`. */
  readonly path: string;
  readonly env: Env;
  /** Base of relative file paths. */
  readonly codexHome: string;
  /** Problems are added to it. */
  readonly problems: OtelConfigProblem[];
  /** The commands so far: exporters with the same command share its answers. */
  readonly helpers: Map<string, () => Promise<Record<string, string>>>;
  /** For exporters without a helper of their own. */
  readonly helper: NamedHelper | undefined;
}

/** A command whose output is headers, and its key. */
export interface NamedHelper extends HeadersHelperTable {
  readonly path: string;
}

/** The exporter that a checked value of the file describes. */
export function exporterFromValue(value: ExporterValue, context: ExporterContext): OtelExporter {
  if (typeof value === 'string') return { kind: value };
  if ('statsig' in value) {
    const { api_key: key, endpoint } = value.statsig;
    const apiKey = key === undefined ? undefined : fillIn(key, ['statsig', 'api_key'], context);
    return statsigExporter(apiKey, endpoint);
  }
  const kind = 'otlp-http' in value ? 'otlp-http' : 'otlp-grpc';
  const table = 'otlp-http' in value ? value['otlp-http'] : value['otlp-grpc'];
  const { endpoint, authorization } = withoutCredentials(table.endpoint);
  const tls = table.tls === undefined ? undefined : tlsFromTable(table.tls, context.codexHome);
  const connection = {
    endpoint,
    ...present({ headers: headersOf(table, kind, authorization, context), tls, compression: table.compression }),
  };
  const exporter: OtelExporter =
    'otlp-http' in value
      ? { kind: 'otlp-http', ...connection, protocol: value['otlp-http'].protocol }
      : { kind: 'otlp-grpc', ...connection };
  context.problems.push(...tlsProblems(exporter, context.path));
  return hidingUrlSecrets(exporter, 'endpoint');
}

function statsigExporter(apiKey: string | undefined, endpoint: string | undefined): OtelExporter {
  const exporter = { kind: 'statsig', ...present({ apiKey, endpoint }) } as const;
  return hidingUrlSecrets(exporter, 'endpoint', apiKey === undefined ? {} : { apiKey: REDACTED });
}

function headersOf(
  table: ConnectionTable,
  kind: string,
  authorization: string | undefined,
  context: ExporterContext,
): OtlpHeaders | undefined {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  for (const [name, template] of Object.entries(table.headers ?? {})) {
    if (name.toLowerCase() === 'authorization') delete headers.authorization;
    headers[name] = fillIn(template, [kind, 'headers', name], context) ?? '';
  }
  const { headers_helper: own } = table;
  if (own === undefined) return headersWith(context.helper, headers, context);
  const path = `${context.path}.${tomlPath([kind, 'headers_helper'])}`;
  return headersWith({ path, ...('command' in own ? own : { command: own }) }, headers, context);
}

/** The headers of an exporter: its own, and those that the helper's command prints, which win. */
export function headersWith(
  helper: NamedHelper | undefined,
  headers: Readonly<Record<string, string>>,
  context: Pick<ExporterContext, 'env' | 'codexHome' | 'helpers'>,
): OtlpHeaders | undefined {
  const hasOwn = Object.keys(headers).length > 0;
  if (helper === undefined) return hasOwn ? secretRecord(headers) : undefined;
  const { env, codexHome, helpers } = context;
  const { ttl_ms: ttlMillis, timeout_ms: timeoutMillis } = helper;
  const [program = '', ...args] = helper.command;
  // A relative path would find a program in the folder that the agent works in, which is not trusted.
  const command = [/[/\\]/.test(program) ? absolutePath(program, codexHome) : program, ...args];
  const input = { command, ttlMillis, timeoutMillis };
  const key = JSON.stringify(input);
  const ask = helpers.get(key) ?? headersFromHelper(input, { path: helper.path, env });
  helpers.set(key, ask);
  if (!hasOwn) return ask;
  return attachHelper(async () => secretRecord({ ...headers, ...(await ask()) }), { ...input, headers });
}

function fillIn(
  template: string,
  keys: readonly string[],
  { env, path: exporterPath, problems }: ExporterContext,
): string | undefined {
  const result = substituted(template, env, `${exporterPath}.${tomlPath(keys)}`);
  if (typeof result === 'string') return result;
  problems.push(result);
  return undefined;
}

function tlsFromTable(table: TlsTable, codexHome: string): OtelTlsConfig {
  const absolute = (file: string | undefined) => (file === undefined ? undefined : absolutePath(file, codexHome));
  return present({
    caCertificate: absolute(table['ca-certificate']),
    clientCertificate: absolute(table['client-certificate']),
    clientPrivateKey: absolute(table['client-private-key']),
  });
}
