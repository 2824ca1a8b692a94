import { writeUnlessClosed } from '@codex-otel/config';
import type { DiagLogFunction, DiagLogger } from '@opentelemetry/api';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { Destinations } from '../pipeline/destinations.ts';
import { registeredInApi } from './api-registry.ts';
import { isSdkDisabled } from './sdk-disabled.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** With `CODEX_OTEL_DEBUG=1`, writes OpenTelemetry's diagnostics to stderr, unless a diagnostic logger is set. */
export function enableDebugOutput(env: Env): void {
  if (env.CODEX_OTEL_DEBUG !== '1' || registeredInApi('diag') !== undefined) return;
  diag.setLogger(stderrLogger, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true });
}

/** Reports where each signal goes, without secrets. */
export function reportConfiguration(destinations: Destinations): void {
  const parts = Object.entries(destinations).map(
    ([signal, destination]) => `${signal}: ${destination?.description ?? 'none'}`,
  );
  diag.debug(`codex-otel/provider: ${parts.join(', ')}`);
}

/** Reports why nothing is sent. */
export function reportNothingConfigured(env: Env): void {
  const reason = isSdkDisabled(env) ? 'OTEL_SDK_DISABLED turns everything off' : 'no exporter is configured';
  diag.debug(`codex-otel/provider: nothing is sent: ${reason}`);
}

const write =
  (level: string): DiagLogFunction =>
  (message, ...details) => {
    writeUnlessClosed(process.stderr, `${level} ${[message, ...details.map(describe)].join(' ')}\n`);
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
