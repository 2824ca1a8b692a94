import type { OtelSettings } from '@codex-otel/config';
import { resolveExporter } from '@codex-otel/config';
import { setTracestateEntries } from '@codex-otel/trace-context';
import type { OtelProvider } from './otel-provider.ts';
import { assembleProvider } from './provider-assembly.ts';
import type { OtelProviderOptions } from './provider-options.ts';

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
  const exporters = {
    traces: resolveExporter(settings.traceExporter, env),
    logs: resolveExporter(settings.exporter, env),
    metrics: resolveExporter(settings.metricsExporter, env),
  };
  if (Object.values(exporters).every(({ kind }) => kind === 'none')) {
    if (registerGlobals) setTracestateEntries({});
    return undefined;
  }
  return assembleProvider(settings, exporters, { ...options, env, registerGlobals });
}
