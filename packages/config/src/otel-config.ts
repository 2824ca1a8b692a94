import { tellingWarnings } from './diagnostics.ts';
import type { EffectiveOptions } from './effective-settings.ts';
import { effectiveSettings } from './effective-settings.ts';
import type { Env } from './env.ts';
import { mergeManaged, requirementProblems } from './managed-requirements.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { OtelConfigError, throwProblems } from './otel-config-error.ts';
import type { OtelSettings } from './otel-settings.ts';
import { envGrpcEndpoint, envHttpEndpoint, envProtocol } from './otlp-environment.ts';
import type { PlainTable } from './plain-table.ts';
import { isTable } from './plain-table.ts';
import type { OtelSignal } from './signal.ts';
import { EXPORTER_KEYS, SIGNALS } from './signal.ts';
import type { ParseToml } from './toml-source.ts';
import { applyOverrides, loadTomlParser, ourTables } from './toml-source.ts';

type Validate = typeof import('./config-validation.ts').validateConfig;

/** Options of {@link parseOtelConfig}. */
export interface ParseOtelConfigOptions extends EffectiveOptions {
  /** Managed requirements: TOML text or a table, of the same shape as the file; they win over the user's. */
  readonly managed?: unknown;
  /** Command-line overrides, such as `otel.log_user_prompt=true`; they win over the file. */
  readonly overrides?: readonly string[] | undefined;
}

/**
 * Reads the `[otel]` table of a configuration.
 *
 * @param toml - The text of a `config.toml`, or its parsed form; other tables are ignored.
 * @throws {@link OtelConfigError} (as a rejection) that lists every problem.
 */
export function parseOtelConfig(toml: unknown, options: ParseOtelConfigOptions): Promise<OtelSettings> {
  return namedOtelConfig(toml, 'the configuration', options);
}

/** {@link parseOtelConfig} of a source with a name for errors. */
export async function namedOtelConfig(
  toml: unknown,
  name: string,
  options: ParseOtelConfigOptions,
): Promise<OtelSettings> {
  const [parseToml, { validateConfig }] = await Promise.all([loadTomlParser(), import('./config-validation.ts')]);
  try {
    return tellingWarnings(options.onWarning, () => settingsOf(toml, name, options, parseToml, validateConfig));
  } catch (error) {
    if (error instanceof OtelConfigError) throw error;
    // Only an object with getters or a proxy gets here; its error may contain anything.
    throw new OtelConfigError({ path: 'otel', message: 'the configuration cannot be read' });
  }
}

function settingsOf(
  toml: unknown,
  name: string,
  options: ParseOtelConfigOptions,
  parseToml: ParseToml,
  validate: Validate,
): OtelSettings {
  const { env = process.env, managed, overrides = [] } = options;
  const user = ourTables(toml, name, parseToml);
  const required = ourTables(managed, 'the managed configuration', parseToml);
  const problems = applyOverrides(user, overrides, parseToml);
  fillFromEnv(user, env);
  fillFromEnv(required, env);

  const own = validate(user, false);
  const demanded = validate(required, true);
  problems.push(...own.problems);
  problems.push(...[...demanded.problems, ...requirementProblems(demanded.config)].map(asManaged));
  throwProblems(problems);
  const merged = mergeManaged(own.config, demanded.config);
  const warnings = [...own.warnings, ...demanded.warnings.map(asManaged), ...merged.warnings];
  return effectiveSettings(merged.config, options, warnings);
}

function asManaged({ path: key, message }: OtelConfigProblem): OtelConfigProblem {
  return { path: key, message: `${message} (in the managed requirements)` };
}

/** Adds required values that an exporter's table leaves out, before the table is checked. */
function fillFromEnv(table: PlainTable, env: Env): void {
  const otel = table.otel;
  if (!isTable(otel)) return;
  for (const signal of SIGNALS) {
    const exporter = otel[EXPORTER_KEYS[signal]];
    if (!isTable(exporter)) continue;
    const http = exporter['otlp-http'];
    const grpc = exporter['otlp-grpc'];
    if (isTable(http)) {
      fill(http, 'endpoint', () => envHttpEndpoint(env, signal));
      fill(http, 'protocol', () => httpProtocol(env, signal));
    }
    if (isTable(grpc)) fill(grpc, 'endpoint', () => envGrpcEndpoint(env, signal));
  }
}

function httpProtocol(env: Env, signal: OtelSignal): 'binary' | 'json' | undefined {
  const protocol = envProtocol(env, signal);
  if (protocol === 'http/json') return 'json';
  return protocol === 'http/protobuf' ? 'binary' : undefined;
}

function fill(table: Readonly<Record<string, unknown>>, key: string, value: () => string | undefined): void {
  if (key in table) return;
  const filled = value();
  if (filled !== undefined) Reflect.set(table, key, filled);
}
