import type {
  ISerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { GrpcLoader } from './grpc-package.ts';
import type { HeaderSource } from './header-source.ts';

type Request<Serializer> = Serializer extends ISerializer<infer Items, unknown> ? Items : never;

/** What each signal's items are: what its serialiser takes. */
export interface SignalItems {
  readonly traces: Request<typeof ProtobufTraceSerializer>[number];
  readonly logs: Request<typeof ProtobufLogsSerializer>[number];
  readonly metrics: Request<typeof ProtobufMetricsSerializer>;
}

/** Options for `openSender`. */
export interface OpenSenderOptions<Item> {
  /** Where proxies stand. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Shared with who needs the last headers at exit. @defaultValue one of its own */
  readonly headers?: HeaderSource | undefined;
  /** What an item counts as. @defaultValue 1 */
  readonly countOf?: ((item: Item) => number) | undefined;
  /** Loads `@grpc/grpc-js`. @defaultValue the one that Node finds beside this package */
  readonly grpc?: GrpcLoader | undefined;
}
