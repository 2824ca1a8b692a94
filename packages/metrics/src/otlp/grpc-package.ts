import { isNativeError } from 'node:util/types';
import { errorReason } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { runsKept } from './socket-keeper.ts';

/** What an import and a `require` of something that is not there fail with. */
const absenceCodes: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** gRPC's client library. */
export type GrpcPackage = typeof import('@grpc/grpc-js');

/** Loads the package `@grpc/grpc-js`, and gives what it exports; for instance `() => import('@grpc/grpc-js')`. */
export type GrpcLoader = () => Promise<unknown>;

/**
 * The package that Node finds beside this one, or beside the program where this one is bundled. It is required by a
 * function that bundlers do not follow: an `import()` of a package that is not installed fails half of them, so a
 * bundle that is to hold gRPC passes a {@link GrpcLoader} of its own.
 */
export async function grpcBeside(): Promise<unknown> {
  const { createRequire } = process.getBuiltinModule('node:module');
  // A bundle in CommonJS has no URL.
  const from: string | undefined = import.meta.url || process.argv[1];
  return createRequire(from ?? process.execPath)('@grpc/grpc-js');
}

/**
 * Loads gRPC, an optional peer.
 *
 * @throws an error that says what to install, where it is absent, or that it does not work as it was bundled
 */
export async function loadGrpc(load: GrpcLoader = grpcBeside): Promise<GrpcPackage> {
  try {
    // Checked below for what is used first.
    const module = (await load()) as GrpcPackage & { readonly default?: GrpcPackage };
    // The package is CommonJS: Node finds its names, esbuild gives them on the default export alone.
    const grpc = module.default ?? module;
    if (typeof grpc.Client !== 'function') throw new TypeError('it exports no client');
    return grpc;
  } catch (cause) {
    const isAbsent = isNativeError(cause) && 'code' in cause && absenceCodes.has(String(cause.code));
    const message = isAbsent
      ? 'OTLP over gRPC needs a package that is not there: npm install @grpc/grpc-js (a bundled program also passes grpc: () => import("@grpc/grpc-js"))'
      : `@grpc/grpc-js cannot be loaded; in a bundle, it needs what the README of @codex-otel/provider says (${errorReason(cause)})`;
    throw new Error(message, { cause });
  }
}

/** Rejects where gRPC cannot be loaded, as {@link loadGrpc} does. Its type names no package that may be absent. */
export async function requireGrpc(load?: GrpcLoader): Promise<void> {
  await loadGrpc(load);
}

let quiet = false;

/**
 * Keeps gRPC from printing what goes wrong with a proxy of ours: the library has one logger for the process,
 * and it writes to standard error. What the host's own clients have to say goes there still.
 */
export function quietProxyErrors({ setLogger }: GrpcPackage): void {
  if (quiet) return;
  quiet = true;
  const writer =
    (letter: string) =>
    (message?: unknown, ...rest: unknown[]): void => {
      if (runsKept()) diag.debug(String(message));
      else console.error(`${letter} ${message}`, ...rest);
    };
  setLogger({ error: writer('E'), info: writer('I'), debug: writer('D') });
}
