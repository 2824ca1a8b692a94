import type { OtelConfigError, OtelSettings, ParseOtelConfigOptions } from '@codex-otel/config';
import { isOtelConfigError, parseOtelConfig } from '@codex-otel/config';

/** Options of every test: nothing comes from the machine. */
export const host: ParseOtelConfigOptions = {
  codexHome: '/home/me/.codex',
  serviceName: 'agent',
  serviceVersion: '1.2.3',
  env: {},
};

/** The settings of an empty file. */
export const emptySettings: OtelSettings = {
  environment: 'dev',
  serviceName: 'agent',
  serviceVersion: '1.2.3',
  codexHome: '/home/me/.codex',
  exporter: { kind: 'none' },
  traceExporter: { kind: 'none' },
  metricsExporter: { kind: 'none' },
  logUserPrompts: false,
  logAgentResponses: false,
  logGuardianAssessments: false,
  toolResultMaxBytes: 2048,
  logToolArguments: true,
  scrubSecrets: true,
  logToolOutput: true,
  includeIdentity: true,
};

/** Settings of a file's text, or of a table. */
export function parsed(toml: unknown, options: Partial<ParseOtelConfigOptions> = {}): Promise<OtelSettings> {
  return parseOtelConfig(toml, { ...host, ...options });
}

/** The error for a file. */
export async function refused(toml: unknown, options: Partial<ParseOtelConfigOptions> = {}): Promise<OtelConfigError> {
  const outcome: unknown = await parsed(toml, options).catch((error: unknown) => error);
  if (isOtelConfigError(outcome)) return outcome;
  throw new Error('not refused', { cause: outcome });
}
