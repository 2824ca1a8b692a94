import type { OtelExporter } from './otel-exporter.ts';

/** Configured tracestate: member key → field → value. The same shape as in trace-context. */
export type TracestateEntries = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where undeliverable batches wait. */
export interface SpoolSettings {
  readonly directory?: string | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxAgeMillis?: number | undefined;
}

/** What the `[otel]` table, the environment and the host decide together. */
export interface OtelSettings {
  readonly environment: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly codexHome: string;
  /** Where log records go; the name is the table's, which has no "log" in it. */
  readonly exporter: OtelExporter;
  readonly traceExporter: OtelExporter;
  readonly metricsExporter: OtelExporter;
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
  readonly serviceInstanceId?: string | boolean | undefined;
  readonly temporality?: 'delta' | 'cumulative' | 'lowmemory' | undefined;
  readonly runtimeMetrics?: boolean | undefined;
  readonly spanAttributes?: Readonly<Record<string, string>> | undefined;
  readonly tracestate?: TracestateEntries | undefined;
  readonly logUserPrompts?: boolean | undefined;
  readonly logAgentResponses?: boolean | undefined;
  readonly logGuardianAssessments?: boolean | undefined;
  readonly toolResultMaxBytes?: number | undefined;
  readonly logToolArguments?: boolean | undefined;
  readonly logToolOutput?: boolean | undefined;
  readonly includeIdentity?: boolean | undefined;
  readonly spool?: SpoolSettings | undefined;
}
