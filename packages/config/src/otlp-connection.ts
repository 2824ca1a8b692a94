import { warn } from './diagnostics.ts';
import { httpUrl, signalUrl, withoutCredentials } from './endpoint.ts';
import type { Env } from './env.ts';
import { sendableHeaders } from './headers.ts';
import { attachHelper, headersHelperOf } from './headers-helper.ts';
import { OtelConfigError, throwProblems } from './otel-config-error.ts';
import type { OtelExporter, OtelTlsConfig, OtlpHeaders } from './otel-exporter.ts';
import { envCompression, envFile, envHeaders, envTimeoutMillis } from './otlp-environment.ts';
import { present } from './present.ts';
import { hidingUrlSecrets, REDACTED, secretRecord, showingOnly } from './redaction.ts';
import { isShorthand, resolveExporter } from './resolved-exporter.ts';
import type { OtelSignal } from './signal.ts';
import { EXPORTER_KEYS } from './signal.ts';
import { tlsProblems } from './tls-config.ts';
import type { NamedFile, TlsFiles, TlsMaterial, TlsReading } from './tls-material.ts';

/** One signal's connection, with all settings resolved, read and checked. */
export interface OtlpConnection {
  /** How requests are sent and encoded. */
  readonly protocol: 'http/protobuf' | 'http/json' | 'grpc';
  /** Over HTTP the URL of this signal, over gRPC that of the collector; without user and password. */
  readonly url: string;
  /** Headers for the next export: calls the function or command if one is configured, and rejects if it fails. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** How long one attempt may take, in milliseconds. 0 times out at once, as in Codex. */
  readonly timeoutMillis: number;
  /** Compression of the request's body. */
  readonly compression: 'gzip' | 'none';
  /** TLS material in PEM format; absent if none is configured. */
  readonly tls?: {
    /** Certificate authorities. */
    readonly ca?: string;
    /** Client certificate. */
    readonly cert?: string;
    /** Private key of the client certificate. */
    readonly key?: string;
  };
}

type OtlpExporter = Extract<OtelExporter, { kind: 'otlp-http' | 'otlp-grpc' }>;

/**
 * The connection of one signal: the exporter's own settings, defaults from the environment's
 * `OTEL_EXPORTER_OTLP_*` (the signal's variables before the general ones), and TLS files read and checked.
 *
 * @throws {@link OtelConfigError} (as a rejection) when the endpoint is not an http or https URL, when a TLS file is
 * not readable or not valid, and for an exporter that has no connection (`none`, `console`).
 */
export async function resolveOtlpConnection(
  exporter: OtelExporter,
  signal: OtelSignal,
  env: Env = process.env,
): Promise<OtlpConnection> {
  const path = `otel.${EXPORTER_KEYS[signal]}`;
  const resolved = resolveExporter(exporter, env);
  if (!isOtlp(resolved)) {
    throw new OtelConfigError({ path, message: `an exporter of the kind '${resolved.kind}' has no connection` });
  }
  throwProblems([...endpointProblems(resolved, path), ...tlsProblems(resolved, path)]);

  const { endpoint, authorization } = withoutCredentials(resolved.endpoint);
  // Headers and files of the environment are meant for the user's own collector.
  const open: Env = isShorthand(resolved) ? {} : env;
  const tls = await tlsMaterial(resolved, signal, open, `${path}.${resolved.kind}.tls`);
  const isGrpc = resolved.kind === 'otlp-grpc';
  const connection: OtlpConnection = {
    protocol: isGrpc ? 'grpc' : resolved.protocol === 'binary' ? 'http/protobuf' : 'http/json',
    url: isGrpc ? endpoint : signalUrl(endpoint, signal),
    headers: headersOf(resolved.headers, {
      path: `${path}.${resolved.kind}.headers_helper`,
      authorization,
      fromEnv: () => envHeaders(open, signal),
      transport: isGrpc ? 'grpc' : 'http',
    }),
    timeoutMillis: envTimeoutMillis(env, signal),
    compression: resolved.compression ?? envCompression(open, signal) ?? 'none',
    ...present({ tls }),
  };
  return hidingUrlSecrets(connection, 'url');
}

/** A kind that is missing here does not compile. */
function isOtlp(exporter: OtelExporter): exporter is OtlpExporter {
  switch (exporter.kind) {
    case 'none':
    case 'console':
    case 'statsig':
      return false;
    case 'otlp-http':
    case 'otlp-grpc':
      return true;
  }
}

function endpointProblems(exporter: OtlpExporter, path: string): { path: string; message: string }[] {
  if (httpUrl(exporter.endpoint) !== undefined) return [];
  // An endpoint that is not a URL may contain anything, so the message does not repeat it.
  return [
    { path: `${path}.${exporter.kind}.endpoint`, message: 'expected a URL that starts with http:// or https://' },
  ];
}

interface HeadersContext {
  readonly path: string;
  readonly authorization: string | undefined;
  fromEnv(): Readonly<Record<string, string>>;
  readonly transport: 'http' | 'grpc';
}

function headersOf(
  own: OtlpHeaders | undefined,
  { path, authorization, fromEnv, transport }: HeadersContext,
): OtlpConnection['headers'] {
  let base: Readonly<Record<string, string>> | undefined;
  const baseHeaders = () => {
    base ??= secretRecord({
      ...sendableHeaders(fromEnv(), transport),
      ...present({ authorization }),
      ...(typeof own === 'object' ? sendableHeaders(own, transport) : undefined),
    });
    return base;
  };
  if (typeof own !== 'function') return () => Promise.resolve().then(baseHeaders);

  const helper = headersHelperOf(own);
  // Nothing is sent without the headers of the command, such as a token.
  const report = (message: string, name: string) => {
    if (helper === undefined || Object.hasOwn(helper.headers, name)) warn(message);
    else throw new OtelConfigError({ path, message: `${message}; without it nothing is exported` });
  };
  const ask = async () => secretRecord({ ...baseHeaders(), ...sendableHeaders(await own(), transport, report) });
  if (helper === undefined) return ask;
  const { command, ttlMillis, timeoutMillis } = helper;
  const headers = { ...baseHeaders(), ...sendableHeaders(helper.headers, transport) };
  return attachHelper(ask, { command, ttlMillis, timeoutMillis, headers });
}

/** The TLS material of the settings; if they have none, the usable files of the environment. */
async function tlsMaterial(
  { tls: own = {}, endpoint }: OtlpExporter,
  signal: OtelSignal,
  env: Env,
  path: string,
): Promise<OtlpConnection['tls']> {
  const ownFiles = filesOf(own, path);
  const envFiles = filesOfEnv(env, signal, ownFiles);
  if (Object.keys(ownFiles).length === 0 && Object.keys(envFiles).length === 0) return undefined;
  // A start without TLS files does not load what reads them.
  const { readTlsMaterial } = await import('./tls-material.ts');
  const [fromEnv, { material: ownMaterial, problems }] = await Promise.all([
    usable(envFiles, readTlsMaterial),
    readTlsMaterial(ownFiles),
  ]);
  throwProblems(problems);
  const material: TlsMaterial = { ...fromEnv, ...ownMaterial };
  const given = Object.keys(material);
  if (given.length === 0) return undefined;
  if (/^http:/i.test(endpoint)) warn(`${path}: TLS files have no effect on an http:// endpoint`);
  return showingOnly(material, Object.fromEntries(given.map((key) => [key, REDACTED])));
}

function filesOf({ caCertificate, clientCertificate, clientPrivateKey }: OtelTlsConfig, path: string): TlsFiles {
  const named = (key: string, file: string | undefined) =>
    file === undefined ? undefined : { path: `${path}.${key}`, file };
  return tlsFiles(
    named('ca-certificate', caCertificate),
    named('client-certificate', clientCertificate),
    named('client-private-key', clientPrivateKey),
  );
}

function filesOfEnv(env: Env, signal: OtelSignal, own: TlsFiles): TlsFiles {
  const ca = own.ca === undefined ? envFile(env, signal, 'CERTIFICATE') : undefined;
  const cert = own.identity === undefined ? envFile(env, signal, 'CLIENT_CERTIFICATE') : undefined;
  const key = own.identity === undefined ? envFile(env, signal, 'CLIENT_KEY') : undefined;
  const half = cert === undefined ? key : key === undefined ? cert : undefined;
  if (half !== undefined)
    warn({ path: half.path, message: 'ignored, mutual TLS needs a client certificate and its key' });
  return tlsFiles(ca, cert, key);
}

function tlsFiles(ca: NamedFile | undefined, cert: NamedFile | undefined, key: NamedFile | undefined): TlsFiles {
  return present({ ca, identity: cert && key && { cert, key } });
}

/** The readable files of the environment; an unreadable one is reported and left out. */
async function usable(
  files: TlsFiles,
  readTlsMaterial: (files: TlsFiles) => Promise<TlsReading>,
): Promise<TlsMaterial> {
  const parts: TlsFiles[] = [{ ca: files.ca }, { identity: files.identity }];
  const materials = await Promise.all(
    parts.map(async (part) => {
      const { material, problems } = await readTlsMaterial(part);
      const [first, ...others] = problems;
      if (first === undefined) return material;
      warn(`ignored: ${new OtelConfigError([first, ...others]).message}`);
      return {};
    }),
  );
  return Object.assign({}, ...materials);
}
