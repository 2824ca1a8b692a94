import type { SpanEventRule } from './traces/span-record.ts';

/** Options for `createOtelProvider`. */
export interface OtelProviderOptions {
  /** Where time-outs, proxies and `CODEX_OTEL_DEBUG` are looked up. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** `host.name` of the log records; blank: none. @defaultValue the host's own name */
  readonly hostName?: string | undefined;
  /**
   * Whether the provider becomes the process's own: tracer and logger provider, propagator, context manager,
   * configured tracestate, metrics client. With `false` nothing outside the provider changes.
   * @defaultValue `true`
   */
  readonly registerGlobals?: boolean | undefined;
  /**
   * `all` lets every span event and the message of a span's status leave the process, also those that other
   * libraries record, with whatever content they have.
   * @defaultValue `trace-safe`
   */
  readonly spanEvents?: SpanEventRule | undefined;
}
