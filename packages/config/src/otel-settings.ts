import type { OtelExporter } from './otel-exporter.ts';

/** Configured tracestate: member key → field → value. The same shape as in trace-context. */
export type TracestateEntries = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where undeliverable batches wait. */
export interface SpoolSettings {
  /** Folder, which must belong to this user alone. @defaultValue `otel-spool` in `codexHome` */
  readonly directory?: string | undefined;
  /** Byte limit of all batches. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined;
  /** How long a batch is kept, in milliseconds. @defaultValue 7 days */
  readonly maxAgeMillis?: number | undefined;
}

/** How the items of one signal are batched. Missing values default to the pipeline's own. */
export interface OtelBatchSettings {
  /** Longest time, in milliseconds, that an item waits for its batch to fill. */
  readonly scheduledDelayMillis?: number | undefined;
  /** Maximum number of queued items; further ones are dropped. */
  readonly maxQueueSize?: number | undefined;
  /** Maximum number of items in one batch. */
  readonly maxExportBatchSize?: number | undefined;
  /** How long one attempt to send a batch may take, in milliseconds; never longer than the connection's time-out. */
  readonly exportTimeoutMillis?: number | undefined;
}

/** Sampler for root spans, which have no parent. */
export type OtelRootSampler =
  | {
      /** Every trace is recorded. */
      readonly kind: 'always-on';
    }
  | {
      /** No trace is recorded. */
      readonly kind: 'always-off';
    }
  | {
      /** A part of the traces is recorded; the trace id decides. */
      readonly kind: 'trace-id-ratio';
      /** The part, from 0 to 1. */
      readonly ratio: number;
    };

/** Which spans are recorded. */
export type OtelSampler =
  | OtelRootSampler
  | {
      /** A span is recorded if its parent is. */
      readonly kind: 'parent-based';
      /** Decides for a span without a parent. */
      readonly root: OtelRootSampler;
    };

/** The settings from the `[otel]` table, the environment and the host. */
export interface OtelSettings {
  /** Resource attribute `env`, such as `dev`. */
  readonly environment: string;
  /** Resource attribute `service.name`, and the scope of the provider's tracer. */
  readonly serviceName: string;
  /** Resource attribute `service.version`. */
  readonly serviceVersion: string;
  /** Folder of Codex's configuration; the default spool is in it. Absolute path. */
  readonly codexHome: string;
  /** Where log records go; the name is the one in the `[otel]` table. */
  readonly exporter: OtelExporter;
  /** Where spans go. */
  readonly traceExporter: OtelExporter;
  /** Where metrics go. */
  readonly metricsExporter: OtelExporter;
  /** Further resource attributes of all three signals. They do not replace those above. @defaultValue none */
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
  /** Resource attribute `service.instance.id`; `true` for a random one in each process. @defaultValue none */
  readonly serviceInstanceId?: string | boolean | undefined;
  /**
   * Whether metric points count since the last export (`delta`) or since the start (`cumulative`); `lowmemory` is
   * delta for counters and histograms. @defaultValue `delta`
   */
  readonly temporality?: 'delta' | 'cumulative' | 'lowmemory' | undefined;
  /** Whether `snapshot()` of the metrics client works. No key of the file sets it. @defaultValue `false` */
  readonly runtimeMetrics?: boolean | undefined;
  /** Attributes of every span. @defaultValue none */
  readonly spanAttributes?: Readonly<Record<string, string>> | undefined;
  /** Fields that are added to the W3C tracestate: member, field, value. @defaultValue none */
  readonly tracestate?: TracestateEntries | undefined;
  /** Whether log records have the text of prompts. @defaultValue `false` */
  readonly logUserPrompts?: boolean | undefined;
  /** Whether log records have the text of responses. @defaultValue `false` */
  readonly logAgentResponses?: boolean | undefined;
  /** Whether log records have guardian assessments. @defaultValue `false` */
  readonly logGuardianAssessments?: boolean | undefined;
  /** False leaves out the log records of stream events whose kind ends in `.delta`. @defaultValue `true` */
  readonly logSseDeltas?: boolean | undefined;
  /** Byte limit of the preview of a tool's output. @defaultValue `2048` */
  readonly toolResultMaxBytes?: number | undefined;
  /** Whether log records have the arguments of tool calls. @defaultValue `true` */
  readonly logToolArguments?: boolean | undefined;
  /** Whether log records have a preview of the output of tools. @defaultValue `true` */
  readonly logToolOutput?: boolean | undefined;
  /** Whether log records have the account's id and e-mail address. @defaultValue `true` */
  readonly includeIdentity?: boolean | undefined;
  /** Whether keys, tokens and passwords, recognized by their shape, are removed from content. @defaultValue `true` */
  readonly scrubSecrets?: boolean | undefined;
  /** How often a turn that is still open is recorded, in milliseconds. @defaultValue never */
  readonly openTurnIntervalMillis?: number | undefined;
  /**
   * OpenTelemetry's GenAI conventions: `attributes` adds their names to Codex's spans, `spans` makes their spans in the
   * place of Codex's. No environment variable sets it. @defaultValue neither
   */
  readonly genAi?: 'attributes' | 'spans' | undefined;
  /** Keeps on disk what cannot be delivered. @defaultValue no spool */
  readonly spool?: SpoolSettings | undefined;
  /** Batches of spans, from `OTEL_BSP_*`. @defaultValue the pipeline's own */
  readonly traceBatch?: OtelBatchSettings | undefined;
  /** Batches of log records, from `OTEL_BLRP_*`. @defaultValue the pipeline's own */
  readonly logBatch?: OtelBatchSettings | undefined;
  /**
   * From `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
   * @defaultValue a span is recorded unless its parent is not
   */
  readonly sampler?: OtelSampler | undefined;
  /** Time between two exports of metrics, in milliseconds, from `OTEL_METRIC_EXPORT_INTERVAL`. @defaultValue `60000` */
  readonly metricExportIntervalMillis?: number | undefined;
  /**
   * How long one attempt to export metrics may take, in milliseconds, from `OTEL_METRIC_EXPORT_TIMEOUT`.
   * @defaultValue the connection's time-out
   */
  readonly metricExportTimeoutMillis?: number | undefined;
}
