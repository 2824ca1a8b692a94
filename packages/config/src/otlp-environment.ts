import { warn } from './diagnostics.ts';
import { httpUrl } from './endpoint.ts';
import type { Env } from './env.ts';
import { envBoolean, envChoice, envPairs, envText, envWholeNumber } from './env.ts';
import type { OtelSignal } from './signal.ts';

/** Used when `OTEL_<SIGNAL>_EXPORTER` is `otlp` and no endpoint is set. */
const DEFAULT_ENDPOINTS = { http: 'http://localhost:4318', grpc: 'http://localhost:4317' } as const;
const DEFAULT_TIMEOUT_MILLIS = 10_000;

const PROTOCOLS = ['grpc', 'http/protobuf', 'http/json'] as const;

/** The protocol set in the environment for a signal. */
export function envProtocol(env: Env, signal: OtelSignal): (typeof PROTOCOLS)[number] | undefined {
  return first(signal, 'PROTOCOL', (name) => envChoice(env, name, PROTOCOLS));
}

/** The HTTP endpoint set in the environment: a signal's own unchanged, the general one with `/v1/…` added. */
export function envHttpEndpoint(env: Env, signal: OtelSignal): string | undefined {
  const own = envUrl(env, variable(signal, 'ENDPOINT'));
  if (own !== undefined) return asItStands(own);
  const general = envUrl(env, variable(undefined, 'ENDPOINT'));
  return general === undefined ? undefined : underBase(general, signal);
}

/**
 * The gRPC endpoint set in the environment; without a scheme it uses TLS, unless
 * `OTEL_EXPORTER_OTLP_INSECURE`, or the signal's own, says `true`.
 */
export function envGrpcEndpoint(env: Env, signal: OtelSignal): string | undefined {
  return first(signal, 'ENDPOINT', (name) => {
    const text = envText(env, name);
    return text === undefined || text.includes('://')
      ? envUrl(env, name)
      : envUrl({ [name]: `${isInsecure(env, signal) ? 'http' : 'https'}://${text}` }, name);
  });
}

/** Default endpoint: a collector on this machine. */
export function defaultEndpoint(kind: 'http' | 'grpc', signal: OtelSignal): string {
  return kind === 'grpc' ? DEFAULT_ENDPOINTS.grpc : underBase(DEFAULT_ENDPOINTS.http, signal);
}

/** Headers of the environment; a signal's own win, by name. */
export function envHeaders(env: Env, signal: OtelSignal): Readonly<Record<string, string>> {
  return { ...envPairs(env, variable(undefined, 'HEADERS')), ...envPairs(env, variable(signal, 'HEADERS')) };
}

/** A signal's own time-out, else the general one, else 10 s. */
export function envTimeoutMillis(env: Env, signal: OtelSignal): number {
  return first(signal, 'TIMEOUT', (name) => envWholeNumber(env, name, 0)) ?? DEFAULT_TIMEOUT_MILLIS;
}

/** The compression set in the environment for a signal. */
export function envCompression(env: Env, signal: OtelSignal): 'gzip' | 'none' | undefined {
  return first(signal, 'COMPRESSION', (name) => envChoice(env, name, ['gzip', 'none']));
}

/** A file set in the environment; problems name its variable. */
export function envFile(
  env: Env,
  signal: OtelSignal,
  what: 'CERTIFICATE' | 'CLIENT_KEY' | 'CLIENT_CERTIFICATE',
): { readonly path: string; readonly file: string } | undefined {
  return first(signal, what, (name) => {
    const file = envText(env, name);
    return file === undefined ? undefined : { path: name, file };
  });
}

function first<T>(signal: OtelSignal, what: string, read: (name: string) => T | undefined): T | undefined {
  return read(variable(signal, what)) ?? read(variable(undefined, what));
}

function variable(signal: OtelSignal | undefined, what: string): string {
  return signal === undefined ? `OTEL_EXPORTER_OTLP_${what}` : `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`;
}

function envUrl(env: Env, name: string): string | undefined {
  const text = envText(env, name);
  if (text === undefined) return undefined;
  if (httpUrl(text) !== undefined) return text;
  // The value is not repeated: it may be anything, such as a key.
  warn({ path: name, message: 'ignored, expected an http or https URL' });
  return undefined;
}

function isInsecure(env: Env, signal: OtelSignal): boolean {
  return first(signal, 'INSECURE', (name) => envBoolean(env, name)) === true;
}

/**
 * A URL with an explicit path. `/.` stands for the root: to an endpoint without a path, an exporter would add its
 * signal's.
 */
function asItStands(url: string): string {
  return url.replace(/^(https?:\/\/[^/?#]+)\/?(?=$|[?#])/i, '$1/.');
}

function underBase(base: string, signal: OtelSignal): string {
  const [, start = base, query = ''] = /^([^?#]*)(.*)$/s.exec(base) ?? [];
  return `${start.replace(/\/+$/, '')}/v1/${signal}${query}`;
}
