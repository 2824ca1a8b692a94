import type { OtelSettings } from '@codex-otel/config';
import type { OtelProvider } from './otel-provider.ts';
import type { ShutdownErrorMaker } from './pipeline/otel-shutdown-error.ts';
import { OtelShutdownError } from './pipeline/otel-shutdown-error.ts';
import type { OtelProviderOptions } from './provider-options.ts';

/** Where `@codex-otel/trace-context` keeps what is configured for the process, its tracestate with it. */
const traceStateKey = Symbol.for('codex-otel.trace.v1');

/**
 * Wires traces, logs and metrics to their exporters.
 *
 * Everything that can be wrong with the settings is found before anything of the process changes. Exporters
 * and the HTTP client load at the first export, and nothing of OpenTelemetry's SDK where no exporter is set.
 *
 * @param settings - From `parseOtelConfig` or `loadOtelSettings`, or made by hand; either way `OTEL_SDK_DISABLED=true`
 * in `options.env` turns everything off.
 * @returns `undefined` when all exporters are `none`, or everything is turned off.
 * @throws `OtelConfigError` of `@codex-otel/config`, INVALID_OTEL_CONFIG, when the settings have the wrong shape, or an
 * exporter, its TLS material or a span attribute is not usable.
 * @throws `TracestateError` of `@codex-otel/trace-context`, INVALID_TRACESTATE, when the configured tracestate breaks
 * its grammar.
 */
export async function createOtelProvider(
  settings: OtelSettings,
  options: OtelProviderOptions = {},
): Promise<OtelProvider | undefined> {
  const { env = process.env, registerGlobals = true } = options;
  const isOff = isDisabled(env) || isAllNone(settings);
  // Without telemetry a process reads nothing more, unless there may be a configured tracestate to forget, or somebody
  // wants to know why nothing is sent.
  const mustTell = env.CODEX_OTEL_DEBUG === '1';
  if (isOff && !mustTell && !(registerGlobals && traceStateKey in globalThis)) return undefined;
  const { assembleProvider } = await import('./provider-assembly.ts');
  const incomplete: ShutdownErrorMaker = (message, signals) => new OtelShutdownError(message, signals);
  return assembleProvider(settings, { ...options, env, registerGlobals, incomplete });
}

/**
 * `isSdkDisabled` of the parts that load later. A start without telemetry loads nothing but this file: in a program's
 * bundle, one function shared with those parts would bring a file, and whatever a bundler puts into it.
 */
function isDisabled({ OTEL_SDK_DISABLED }: Readonly<Record<string, string | undefined>>): boolean {
  return OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
}

/** Settings of the wrong shape are not: what is wrong with them is said by the check that follows. */
function isAllNone(settings: OtelSettings | undefined): boolean {
  const exporters = [settings?.traceExporter, settings?.exporter, settings?.metricsExporter];
  return exporters.every((exporter) => exporter?.kind === 'none');
}
