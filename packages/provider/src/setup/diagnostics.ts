import type { OtelSignal } from '@codex-otel/config';
import type { DiagLogFunction, DiagLogger } from '@opentelemetry/api';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { Destination } from '../pipeline/destinations.ts';
import { endpointName } from '../pipeline/signal-pipeline.ts';
import { isSdkDisabled } from './sdk-disabled.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where OpenTelemetry's API keeps what is registered with it, under one key for all its 1.x versions. */
const apiKey = Symbol.for('opentelemetry.js.api.1');
const registry: { readonly [apiKey]?: { readonly diag?: DiagLogger } } & typeof globalThis = globalThis;

/** With `CODEX_OTEL_DEBUG=1`, and where no diagnostic logger is set, has OpenTelemetry's diagnostics written to stderr. */
export function enableDebugOutput(env: Env): void {
  if (env.CODEX_OTEL_DEBUG !== '1' || registry[apiKey]?.diag !== undefined) return;
  diag.setLogger(stderrLogger, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true });
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
