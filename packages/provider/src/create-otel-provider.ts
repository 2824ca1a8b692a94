import type { OtelSettings } from '@codex-otel/config';
import type { OtelProvider } from './otel-provider.ts';
import type { ShutdownErrorMaker } from './pipeline/otel-shutdown-error.ts';
import { OtelShutdownError } from './pipeline/otel-shutdown-error.ts';
import type { OtelProviderOptions } from './provider-options.ts';

/** Where `@codex-otel/trace-context` keeps the configuration of the process, including its tracestate. */
const traceStateKey = Symbol.for('codex-otel.trace.v1');

/**
 * Wires traces, logs and metrics to their exporters.
 *
 * All settings are checked before anything in the process changes. Exporters and the HTTP client load at the first
 * export; if no exporter is set, nothing of OpenTelemetry's SDK loads.
 *
 * @param settings - From `parseOtelConfig` or `loadOtelSettings`, or made by hand. `OTEL_SDK_DISABLED=true` in
 * `options.env` turns everything off.
 * @returns `undefined` if all exporters are `none` or everything is turned off.
 * @throws `OtelConfigError` of `@codex-otel/config`, INVALID_OTEL_CONFIG (as a rejection), if the settings have the
 * wrong shape, or an exporter, its TLS material or a span attribute is not valid.
 * @throws `TracestateError` of `@codex-otel/trace-context`, INVALID_TRACESTATE (as a rejection), if the configured
 * tracestate is not valid.
 */
export async function createOtelProvider(
  settings: OtelSettings,
  options: OtelProviderOptions = {},
): Promise<OtelProvider | undefined> {
  const { env = process.env, registerGlobals = true } = options;
  const isOff = isDisabled(env) || isAllNone(settings);
  // Without telemetry nothing more is loaded, unless a configured tracestate must be removed, or the debug output must
  // say why nothing is sent.
  const mustTell = env.CODEX_OTEL_DEBUG === '1';
  if (isOff && !mustTell && !(registerGlobals && traceStateKey in globalThis)) return undefined;
  const { assembleProvider } = await import('./provider-assembly.ts');
  const incomplete: ShutdownErrorMaker = (message, signals) => new OtelShutdownError(message, signals);
  return assembleProvider(settings, { ...options, env, registerGlobals, incomplete });
}

/**
 * The same as `isSdkDisabled`, which the parts that load later use. A start without telemetry loads nothing but this
 * file. A function shared with those parts would make a bundler load a second file, with everything that it puts there.
 */
function isDisabled({ OTEL_SDK_DISABLED }: Readonly<Record<string, string | undefined>>): boolean {
  return OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
}

/** False for settings of the wrong shape: the check that follows reports them. */
function isAllNone(settings: OtelSettings | undefined): boolean {
  const exporters = [settings?.traceExporter, settings?.exporter, settings?.metricsExporter];
  return exporters.every((exporter) => exporter?.kind === 'none');
}
