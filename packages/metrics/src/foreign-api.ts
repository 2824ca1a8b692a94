import { writeUnlessClosed } from '@codex-otel/config';
import type { DiagLogger } from '@opentelemetry/api';
import { logs, metrics, trace } from '@opentelemetry/api';
import { processState } from './process-state.ts';

/** What OpenTelemetry's API keeps for the process, under one key for all 1.x versions. */
interface RegisteredApi {
  readonly version?: string;
  readonly diag?: DiagLogger;
  readonly trace?: unknown;
  readonly logs?: unknown;
  readonly metrics?: unknown;
}

const apiKey = Symbol.for('opentelemetry.js.api.1');
/**
 * The lowest minor version of the API that the packages work with. A newer API does not see what an older one
 * registered.
 */
const LOWEST_MINOR = 10;

/**
 * Reports, once in a process, that the host registered its OpenTelemetry with a version of the API that is not
 * compatible with the one used here. Then neither side sees the other's tracers, loggers and contexts, and the API
 * itself does not say so. The report goes to the host's `diag` logger, or to stderr if there is none and
 * `CODEX_OTEL_DEBUG` is 1. Never throws.
 *
 * @internal
 * @param env - where `CODEX_OTEL_DEBUG` is looked up
 */
export function reportForeignApi(env: Readonly<Record<string, string | undefined>> = process.env): void {
  const state = processState();
  const { [apiKey]: registered }: { [apiKey]?: RegisteredApi } & typeof globalThis = globalThis;
  if (state.foreignApiReported || registered === undefined || isOurs(registered)) return;
  const message =
    `codex-otel/metrics: this process registered with @opentelemetry/api ${registered.version ?? 'of an unknown version'}, ` +
    'which does not fit the version that codex-otel uses: neither sees the spans and contexts of the other. ' +
    'Bring @opentelemetry/api to one version, 1.10.0 or newer';
  try {
    // Our own diag is a no-op in this state and cannot be given a logger.
    if (registered.diag !== undefined) registered.diag.error(message);
    else if (env.CODEX_OTEL_DEBUG === '1') writeUnlessClosed(process.stderr, `error ${message}\n`);
    else return;
    state.foreignApiReported = true;
  } catch {
    // A logger that throws must not stop telemetry.
  }
}

/** Whether the API used here sees what is registered. */
function isOurs(registered: RegisteredApi): boolean {
  if (Number(registered.version?.split('.')[1] ?? LOWEST_MINOR) < LOWEST_MINOR) return false;
  if (registered.trace !== undefined) return trace.getTracerProvider() === registered.trace;
  if (registered.logs !== undefined) return logs.getLoggerProvider() === registered.logs;
  if (registered.metrics !== undefined) return metrics.getMeterProvider() === registered.metrics;
  return true;
}
