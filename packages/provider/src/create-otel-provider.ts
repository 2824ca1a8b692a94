import type { OtelSettings } from '@codex-otel/config';
import type { OtelProvider } from './otel-provider.ts';
import type { OtelProviderOptions } from './provider-options.ts';

/** Where `@codex-otel/trace-context` keeps what is configured for the process, its tracestate with it. */
const traceStateKey = Symbol.for('codex-otel.trace.v1');

/**
 * Wires traces, logs and metrics to their exporters.
 *
 * Everything that can be wrong with the settings is found before anything of the process changes. Exporters
 * and the HTTP client load at the first export, and nothing of OpenTelemetry's SDK where no exporter is set.
 *
 * @returns `undefined` when all exporters are `none`.
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG when an exporter, its TLS material or a span attribute is not usable.
 * @throws {@link TracestateError} INVALID_TRACESTATE when the configured tracestate breaks its grammar.
 */
export async function createOtelProvider(
  settings: OtelSettings,
  options: OtelProviderOptions = {},
): Promise<OtelProvider | undefined> {
  const { env = process.env, registerGlobals = true } = options;
  const { traceExporter, exporter, metricsExporter } = settings;
  const isOff = [traceExporter, exporter, metricsExporter].every(({ kind }) => kind === 'none');
  // Without telemetry a process reads nothing more, unless there may be a configured tracestate to forget, or somebody
  // wants to know why nothing is sent.
  const mustTell = env.CODEX_OTEL_DEBUG === '1';
  if (isOff && !mustTell && !(registerGlobals && traceStateKey in globalThis)) return undefined;
  const { assembleProvider } = await import('./provider-assembly.ts');
  return assembleProvider(settings, { ...options, env, registerGlobals });
}
