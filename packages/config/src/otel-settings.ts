import type { OtelExporter } from './otel-exporter.ts';

/** Configured tracestate: member key → field → value. The same shape as in trace-context. */
export type TracestateEntries = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where undeliverable batches wait. */
export interface SpoolSettings {
  readonly directory?: string | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxAgeMillis?: number | undefined;
}

/** How the items of one signal are batched. Missing values default to the pipeline's own. */
export interface OtelBatchSettings {
  /** Longest time, in milliseconds, that an item waits for its batch to fill. */
  readonly scheduledDelayMillis?: number | undefined;
  /** Maximum number of queued items; further ones are dropped. */
  readonly maxQueueSize?: number | undefined;
  readonly maxExportBatchSize?: number | undefined;
  /** How long one attempt to send a batch may take; never longer than the connection's time-out. */
  readonly exportTimeoutMillis?: number | undefined;
}

/** Sampler for root spans, which have no parent. */
export type OtelRootSampler =
  | { readonly kind: 'always-on' }
  | { readonly kind: 'always-off' }
  | {
      readonly kind: 'trace-id-ratio';
      /** From 0 to 1. */
      readonly ratio: number;
    };

/** Which spans are recorded. `parent-based` follows a span's parent, and uses `root` if there is none. */
export type OtelSampler = OtelRootSampler | { readonly kind: 'parent-based'; readonly root: OtelRootSampler };

/** The settings from the `[otel]` table, the environment and the host. */
export interface OtelSettings {
  readonly environment: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly codexHome: string;
  /** Where log records go; the name is the one in the `[otel]` table. */
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
  /** False leaves out the log records of stream events whose kind ends in `.delta`. @defaultValue `true` */
  readonly logSseDeltas?: boolean | undefined;
  readonly toolResultMaxBytes?: number | undefined;
  readonly logToolArguments?: boolean | undefined;
  readonly logToolOutput?: boolean | undefined;
  readonly includeIdentity?: boolean | undefined;
  /** Whether keys, tokens and passwords, recognized by their shape, are removed from content. @defaultValue `true` */
  readonly scrubSecrets?: boolean | undefined;
  /** How often a turn that is still open is recorded. @defaultValue never */
  readonly openTurnIntervalMillis?: number | undefined;
  /**
   * OpenTelemetry's GenAI conventions: `attributes` adds their names to Codex's spans, `spans` makes their spans in the
   * place of Codex's. No environment variable sets it.
   */
  readonly genAi?: 'attributes' | 'spans' | undefined;
  readonly spool?: SpoolSettings | undefined;
  /** From `OTEL_BSP_*`. */
  readonly traceBatch?: OtelBatchSettings | undefined;
  /** From `OTEL_BLRP_*`. */
  readonly logBatch?: OtelBatchSettings | undefined;
  /** From `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. */
  readonly sampler?: OtelSampler | undefined;
  /** From `OTEL_METRIC_EXPORT_INTERVAL`. */
  readonly metricExportIntervalMillis?: number | undefined;
  /** From `OTEL_METRIC_EXPORT_TIMEOUT`. */
  readonly metricExportTimeoutMillis?: number | undefined;
}
