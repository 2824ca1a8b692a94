import type { OtelExporter } from './otel-exporter.ts';

/** The `tls` table of an exporter. */
export interface TlsTable {
  readonly 'ca-certificate'?: string | undefined;
  readonly 'client-certificate'?: string | undefined;
  readonly 'client-private-key'?: string | undefined;
}

/** A command whose output is the headers. */
export interface HeadersHelperTable {
  readonly command: readonly string[];
  readonly ttl_ms?: number | undefined;
  readonly timeout_ms?: number | undefined;
}

/** Settings of every OTLP exporter; the whole `otlp-grpc` table. */
export interface ConnectionTable {
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly headers_helper?: readonly string[] | HeadersHelperTable | undefined;
  readonly tls?: TlsTable | undefined;
  readonly compression?: 'gzip' | 'none' | undefined;
}

/** An `otlp-http` table. */
interface HttpExporterTable extends ConnectionTable {
  readonly protocol: 'binary' | 'json';
}

/** A `statsig` table. */
interface StatsigExporterTable {
  readonly api_key?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** The table of each kind of exporter; `undefined` for a kind that is only a name. */
interface ExporterTables {
  readonly none: undefined;
  readonly console: undefined;
  readonly statsig: StatsigExporterTable;
  readonly 'otlp-http': HttpExporterTable;
  readonly 'otlp-grpc': ConnectionTable;
}

/** What is written for each kind of {@link OtelExporter}. One that has no table above does not compile. */
type WrittenExporters = {
  readonly [Kind in OtelExporter['kind']]: ExporterTables[Kind] extends undefined
    ? Kind
    : { readonly [Key in Kind]: ExporterTables[Kind] };
};

/** An exporter as it is written: a name, or a table with the name as its only key. */
export type ExporterValue = 'statsig' | WrittenExporters[OtelExporter['kind']];

/** Exporters that can be written as just a name. */
export type ExporterName = Extract<ExporterValue, string>;

/** Exporters that can be written as a table, by its only key. */
export type ExporterTable = {
  [Kind in keyof ExporterTables]: ExporterTables[Kind] extends undefined ? never : Kind;
}[keyof ExporterTables];

/** The `[otel]` table as it is written. */
export interface OtelTable {
  readonly environment?: string | undefined;
  readonly exporter?: ExporterValue | undefined;
  readonly trace_exporter?: ExporterValue | undefined;
  readonly metrics_exporter?: ExporterValue | undefined;
  readonly headers_helper?: string | undefined;
  readonly headers_helper_refresh_interval_ms?: number | undefined;
  readonly log_user_prompt?: boolean | undefined;
  readonly log_agent_responses?: boolean | undefined;
  readonly log_guardian_assessments?: boolean | undefined;
  readonly log_sse_deltas?: boolean | undefined;
  readonly log_tool_arguments?: boolean | undefined;
  readonly log_tool_output?: boolean | undefined;
  readonly include_identity?: boolean | undefined;
  readonly gen_ai?: 'attributes' | 'spans' | undefined;
  readonly scrub_secrets?: boolean | undefined;
  readonly tool_result?: { readonly max_bytes?: number | undefined } | undefined;
  readonly open_turn_interval_ms?: number | undefined;
  readonly span_attributes?: Readonly<Record<string, string>> | undefined;
  readonly tracestate?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  readonly resource_attributes?: Readonly<Record<string, string>> | undefined;
  readonly service_instance_id?: string | boolean | undefined;
  readonly temporality?: 'delta' | 'cumulative' | 'lowmemory' | undefined;
  readonly spool?:
    | {
        readonly directory?: string | undefined;
        readonly max_bytes?: number | undefined;
        readonly max_age_ms?: number | undefined;
      }
    | undefined;
}

/** The parts of a configuration file that are ours. */
export interface ConfigTable {
  readonly otel?: OtelTable | undefined;
  readonly analytics?: { readonly enabled?: boolean | undefined } | undefined;
}
