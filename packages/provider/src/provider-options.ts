import type { GrpcLoader } from '@codex-otel/metrics/otlp';
import type { SpanEventRule } from './traces/span-events.ts';

/** Options for `createOtelProvider`. */
export interface OtelProviderOptions {
  /**
   * Environment in which `OTEL_SDK_DISABLED`, time-outs, proxies and `CODEX_OTEL_DEBUG` are looked up.
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Resource attribute `host.name` of log records; none if blank. @defaultValue the machine's host name */
  readonly hostName?: string | undefined;
  /**
   * Whether the provider is registered for the process: tracer and logger provider, propagator, context manager,
   * configured tracestate and metrics client. With `false` nothing outside the provider changes.
   * @defaultValue `true`
   */
  readonly registerGlobals?: boolean | undefined;
  /**
   * `all` exports every span event and the message of a span's status, including those of other libraries, with any
   * content in them.
   * @defaultValue `trace-safe`
   */
  readonly spanEvents?: SpanEventRule | undefined;
  /**
   * Whether what is queued is handed to a detached uploader when the process ends without a `shutdown()`: by
   * `process.exit()`, an uncaught exception, an empty event loop, or a signal that ends it. Exit codes and the effect
   * of signals do not change.
   * @defaultValue `true`
   */
  readonly handoverOnExit?: boolean | undefined;
  /**
   * Program and arguments that call `runUploader()` of `@codex-otel/provider/uploader`: for a bundled program or a
   * single-file executable, which has no uploader file beside it; see `thisProgram`. The payload is at its
   * descriptor 0.
   * @defaultValue this runtime, with the file in this package
   */
  readonly uploaderCommand?: readonly string[] | undefined;
  /**
   * Loads gRPC in a bundled program: `() => import('@grpc/grpc-js')`. Called for an `otlp-grpc` exporter only.
   * @defaultValue the package `@grpc/grpc-js` that Node finds beside this one
   */
  readonly grpc?: GrpcLoader | undefined;
}
