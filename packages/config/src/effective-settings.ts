import { absolutePath } from './absolute-path.ts';
import type { ConfigTable, OtelTable } from './config-table.ts';
import type { WarningListener } from './diagnostics.ts';
import { inform, tellingWarnings, warn } from './diagnostics.ts';
import type { Env } from './env.ts';
import { envText } from './env.ts';
import { envExporter, envPipelines, envResource, envTemporality, isDisabled } from './environment-settings.ts';
import type { ExporterContext, NamedHelper } from './exporter-value.ts';
import { exporterFromValue, headersWith } from './exporter-value.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { throwProblems } from './otel-config-error.ts';
import type { OtelExporter } from './otel-exporter.ts';
import type { OtelSettings, SpoolSettings } from './otel-settings.ts';
import { present } from './present.ts';
import type { OtelSignal } from './signal.ts';
import { EXPORTER_KEYS } from './signal.ts';
import { usableTracestate } from './usable-tracestate.ts';

const DEFAULT_ENVIRONMENT = 'dev';
const DEFAULT_TOOL_RESULT_MAX_BYTES = 2048;

/** What the host decides about the settings. */
export interface EffectiveOptions {
  /** The folder that relative file paths start from. */
  readonly codexHome: string;
  /** Where variables are looked up. @defaultValue `process.env` */
  readonly env?: Env | undefined;
  /**
   * Resource attribute `service.name`. The environment does not override it: a developer's shell often sets a name for
   * the developer's own program.
   */
  readonly serviceName: string;
  /** Resource attribute `service.version`. */
  readonly serviceVersion: string;
  /** Whether analytics is on if the file has no `analytics.enabled`. @defaultValue `true` */
  readonly analyticsByDefault?: boolean | undefined;
  /** Called with what was left out or replaced, in addition to `diag`, for hosts that show it to their user. */
  readonly onWarning?: WarningListener | undefined;
}

/**
 * The settings from file, requirements and environment together; reports what was left out.
 *
 * @param config - Checked tables; without a file they are empty.
 * @param earlier - Warnings of the checks.
 */
export function effectiveSettings(
  config: ConfigTable,
  options: EffectiveOptions,
  earlier: readonly OtelConfigProblem[] = [],
): OtelSettings {
  return tellingWarnings(options.onWarning, () => settingsOf(config, options, earlier));
}

function settingsOf(
  { otel = {}, analytics }: ConfigTable,
  options: EffectiveOptions,
  earlier: readonly OtelConfigProblem[],
): OtelSettings {
  const { env = process.env, codexHome, analyticsByDefault = true } = options;
  const warnings = [...earlier];
  const hasAnalytics = analytics?.enabled ?? analyticsByDefault;
  const exporters = exportersOf(otel, env, codexHome, hasAnalytics);
  const { attributes, ...resource } = resourceOf(otel, env, options);
  const tracestate = usableTracestate(otel.tracestate ?? {}, warnings);
  for (const warning of warnings) warn(warning);
  return {
    environment: resource.environment,
    serviceName: resource.serviceName,
    serviceVersion: resource.serviceVersion,
    codexHome,
    ...exporters,
    logUserPrompts: otel.log_user_prompt ?? false,
    logAgentResponses: otel.log_agent_responses ?? false,
    logGuardianAssessments: otel.log_guardian_assessments ?? false,
    toolResultMaxBytes: otel.tool_result?.max_bytes ?? DEFAULT_TOOL_RESULT_MAX_BYTES,
    logToolArguments: otel.log_tool_arguments ?? true,
    logToolOutput: otel.log_tool_output ?? true,
    includeIdentity: otel.include_identity ?? true,
    scrubSecrets: otel.scrub_secrets ?? true,
    ...present({
      genAi: otel.gen_ai,
      logSseDeltas: otel.log_sse_deltas,
      openTurnIntervalMillis: otel.open_turn_interval_ms,
      resourceAttributes: unlessEmpty(attributes),
      serviceInstanceId: resource.instanceId,
      temporality: otel.temporality ?? envTemporality(env),
      spanAttributes: unlessEmpty(otel.span_attributes),
      tracestate: unlessEmpty(tracestate),
      spool: spoolOf(otel.spool, codexHome),
      ...envPipelines(env),
    }),
  };
}

type Exporters = Pick<OtelSettings, 'exporter' | 'traceExporter' | 'metricsExporter'>;

function exportersOf(otel: OtelTable, env: Env, codexHome: string, hasAnalytics: boolean): Exporters {
  const none: OtelExporter = { kind: 'none' };
  if (isDisabled(env)) return { exporter: none, traceExporter: none, metricsExporter: none };
  const problems: OtelConfigProblem[] = [];
  const helpers: ExporterContext['helpers'] = new Map();
  const helper = tableHelper(otel);
  const exporterOf = (signal: OtelSignal): OtelExporter => {
    const key = EXPORTER_KEYS[signal];
    const value = otel[key];
    const context = { path: `otel.${key}`, env, codexHome, problems, helpers, helper };
    if (value === undefined) return envExporter(env, signal, (headers) => headersWith(helper, headers, context));
    return exporterFromValue(value, context);
  };
  const exporters = { logs: exporterOf('logs'), traces: exporterOf('traces'), metrics: exporterOf('metrics') };
  throwProblems(problems);
  informAboutTraps(otel, env, exporters);
  const { logs: exporter, traces: traceExporter, metrics } = exporters;
  const isStopped = metrics.kind === 'statsig' && !hasAnalytics;
  return { exporter, traceExporter, metricsExporter: isStopped ? none : metrics };
}

/** The helper of all three signals. */
function tableHelper(otel: OtelTable): NamedHelper | undefined {
  const { headers_helper: program, headers_helper_refresh_interval_ms: ttl } = otel;
  if (program === undefined) return undefined;
  return { path: 'otel.headers_helper', command: [program], ttl_ms: ttl };
}

/** Reports what is documented but has surprised people. */
function informAboutTraps(otel: OtelTable, env: Env, exporters: Readonly<Record<OtelSignal, OtelExporter>>): void {
  const isOpen = (signal: OtelSignal) => otel[EXPORTER_KEYS[signal]] === undefined && exporters[signal].kind === 'none';
  const isLogsAlone = exporters.logs.kind !== 'none' && isOpen('traces') && isOpen('metrics');
  if (otel.exporter !== undefined && isLogsAlone) {
    inform('otel.exporter is for logs only: traces need otel.trace_exporter, metrics otel.metrics_exporter');
  }
  for (const signal of ['logs', 'traces'] as const) {
    const exporter = exporters[signal];
    const isMisplaced = exporter.kind === 'statsig' && exporter.endpoint === undefined;
    if (isMisplaced) warn({ path: `otel.${EXPORTER_KEYS[signal]}`, message: "'statsig' takes metrics only" });
  }
  const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  if (envText(env, endpoint) !== undefined && Object.values(exporters).every(({ kind }) => kind === 'none')) {
    inform(
      `${endpoint} alone switches nothing on: set an exporter in [otel], or OTEL_TRACES_EXPORTER=otlp and the like`,
    );
  }
}

interface Resource {
  readonly environment: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly instanceId: string | boolean | undefined;
}

/**
 * The resource: the file wins over the host, the host over the environment. Keys with a setting of their own are not
 * taken as attributes. Empty counts as not set: nobody can find a service without a name.
 */
function resourceOf(otel: OtelTable, env: Env, host: EffectiveOptions): Resource {
  const fromEnv = envResource(env);
  const file = withoutIdentity(otel.resource_attributes ?? {});
  const shell = withoutIdentity(fromEnv.attributes);
  const envName = fromEnv.serviceName || shell.name;
  const serviceName = file.name || host.serviceName || envName || '';
  if (envName && envName !== serviceName) {
    inform(`the environment does not rename the service '${serviceName}'; resource_attributes in [otel] does`);
  }
  return {
    environment: otel.environment ?? (file.environment || DEFAULT_ENVIRONMENT),
    serviceName,
    serviceVersion: file.version || host.serviceVersion || shell.version || '',
    attributes: { ...shell.others, ...file.others, ...(file.namespace && { 'service.namespace': file.namespace }) },
    instanceId: otel.service_instance_id ?? (file.instanceId || shell.instanceId || undefined),
  };
}

/** Resource attributes except those that identify the service. */
function withoutIdentity(attributes: Readonly<Record<string, string>>) {
  const {
    env: environment,
    'service.name': name,
    'service.namespace': namespace,
    'service.version': version,
    'service.instance.id': instanceId,
    ...others
  } = attributes;
  return { environment, name, namespace, version, instanceId, others };
}

function spoolOf(table: OtelTable['spool'], codexHome: string): SpoolSettings | undefined {
  if (table === undefined) return undefined;
  const { directory, max_bytes: maxBytes, max_age_ms: maxAgeMillis } = table;
  return present({
    directory: directory === undefined ? undefined : absolutePath(directory, codexHome),
    maxBytes,
    maxAgeMillis,
  });
}

function unlessEmpty<T extends object>(table: T | undefined): T | undefined {
  return table === undefined || Object.keys(table).length === 0 ? undefined : table;
}
