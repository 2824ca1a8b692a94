import type { GrpcLoader } from '@codex-otel/metrics/otlp';
import type { SpanEventRule } from './traces/span-events.ts';

/** Options for `createOtelProvider`. */
export interface OtelProviderOptions {
  /** Where `OTEL_SDK_DISABLED`, time-outs, proxies and `CODEX_OTEL_DEBUG` are looked up. @defaultValue `process.env` */
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
  /**
   * Whether what is queued is handed to a detached uploader when the process ends without a `shutdown()`: by
   * `process.exit()`, an uncaught exception, an empty event loop, or a signal that ends it. Exit codes and what
   * signals do stay as they are.
   * @defaultValue `true`
   */
  readonly handoverOnExit?: boolean | undefined;
  /**
   * Program and arguments that call `runUploader()` of `@codex-otel/provider/uploader`: for a bundled program or a
   * single-file executable, which the uploader does not stand beside; see `thisProgram`. The payload is at its
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
