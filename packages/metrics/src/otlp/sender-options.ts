import type { GrpcLoader } from './grpc-package.ts';
import type { HeaderSource } from './header-source.ts';

/** Options for `openSender`. */
export interface OpenSenderOptions<Item> {
  /** Where proxies are looked up. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Shared with the hand-over at exit, which needs the last headers. @defaultValue its own */
  readonly headers?: HeaderSource | undefined;
  /** How many items one item counts as. @defaultValue 1 */
  readonly countOf?: ((item: Item) => number) | undefined;
  /** Loads `@grpc/grpc-js`. @defaultValue the one that Node finds beside this package */
  readonly grpc?: GrpcLoader | undefined;
}
