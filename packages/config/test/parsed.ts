import type { OtelConfigError, OtelSettings, ParseOtelConfigOptions } from '@codex-otel/config';
import { isOtelConfigError, parseOtelConfig } from '@codex-otel/config';
import { expect } from '@jest/globals';

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

/** A file that is refused: a name for the test, TOML, and the path and message of its one problem. */
export type Refusal = readonly [name: string, toml: string, path: string, message: string];

/** Expects that a file is refused for one problem. */
export async function expectRefusal(toml: string, path: string, message: string): Promise<void> {
  const error = await refused(toml);
  expect(error.problems).toEqual([{ path, message }]);
  expect(error).toMatchObject({
    name: 'OtelConfigError',
    code: 'INVALID_OTEL_CONFIG',
    path,
    message: `${path}: ${message}`,
  });
}

/** A file whose exporter has further settings. */
export function grpcWith(rest: string): string {
  return `[otel.exporter.otlp-grpc]\nendpoint = "https://c.example"\n${rest}`;
}
