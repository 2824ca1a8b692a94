import type { OtelSignal } from '@codex-otel/config';
import type { DiagLogFunction, DiagLogger } from '@opentelemetry/api';
import { DiagLogLevel, diag, logs, metrics, trace } from '@opentelemetry/api';
import type { Destination } from '../pipeline/destinations.ts';
import { endpointName } from '../pipeline/signal-pipeline.ts';
import { isSdkDisabled } from './sdk-disabled.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What OpenTelemetry's API keeps for the whole process, under one key for all its 1.x versions. */
interface RegisteredApi {
  readonly version?: string;
  readonly diag?: DiagLogger;
  readonly trace?: unknown;
  readonly logs?: unknown;
  readonly metrics?: unknown;
}

const apiKey = Symbol.for('opentelemetry.js.api.1');
const registry: { readonly [apiKey]?: RegisteredApi } & typeof globalThis = globalThis;

/** With `CODEX_OTEL_DEBUG=1`, and where no diagnostic logger is set, has OpenTelemetry's diagnostics written to stderr. */
export function enableDebugOutput(env: Env): void {
  if (env.CODEX_OTEL_DEBUG !== '1' || registry[apiKey]?.diag !== undefined) return;
  diag.setLogger(stderrLogger, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true });
}

/**
 * Says so when the process registered with an OpenTelemetry API that does not fit the one used here: its
 * tracers, loggers and contexts are then no-ops to us, and ours to the host, without a word from the API.
 */
export function reportForeignApi(): void {
  const registered = registry[apiKey];
  if (registered === undefined || isOurs(registered)) return;
  const message =
    `codex-otel: this process registered with @opentelemetry/api ${registered.version ?? 'of an unknown version'}, ` +
    'which does not fit the version that codex-otel uses: neither sees the spans and contexts of the other. ' +
    'Bring @opentelemetry/api to one version, 1.10.0 or newer';
  // Our own diag is a no-op too in this state; the host's logger is the one that is heard.
  (registered.diag ?? diag).error(message);
}

/** Says what is configured: where each signal goes and in which form, nothing that could be secret. */
export function reportConfiguration(destinations: Readonly<Record<OtelSignal, Destination>>): void {
  const parts = Object.entries(destinations).map(
    ([signal, destination]) => `${signal}: ${describeDestination(destination)}`,
  );
  diag.debug(`codex-otel: ${parts.join(', ')}`);
}

/** Says why nothing is sent, to who looks for it. */
export function reportNothingConfigured(env: Env): void {
  const reason = isSdkDisabled(env) ? 'OTEL_SDK_DISABLED turns everything off' : 'no exporter is configured';
  diag.debug(`codex-otel: nothing is sent: ${reason}`);
}

function describeDestination(destination: Destination): string {
  if (destination.kind !== 'otlp') return destination.kind;
  const { protocol, url, compression, timeoutMillis, tls } = destination.connection;
  const material = tls === undefined ? '' : `, TLS material: ${Object.keys(tls).join(' ') || 'none'}`;
  return `${protocol} to ${endpointName(url)}, compression ${compression}, time-out ${timeoutMillis} ms${material}`;
}

/** Whether what is registered can be seen through the API used here. */
function isOurs(registered: RegisteredApi): boolean {
  if (registered.trace !== undefined) return trace.getTracerProvider() === registered.trace;
  if (registered.logs !== undefined) return logs.getLoggerProvider() === registered.logs;
  if (registered.metrics !== undefined) return metrics.getMeterProvider() === registered.metrics;
  return true;
}

const write =
  (level: string): DiagLogFunction =>
  (message, ...details) => {
    process.stderr.write(`${level} ${[message, ...details.map(describe)].join(' ')}\n`);
  };

const stderrLogger: DiagLogger = {
  error: write('error'),
  warn: write('warn'),
  info: write('info'),
  debug: write('debug'),
  verbose: write('verbose'),
};

function describe(detail: unknown): string {
  return detail instanceof Error ? detail.message : String(detail);
}
