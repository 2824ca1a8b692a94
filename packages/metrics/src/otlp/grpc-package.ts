import { isNativeError } from 'node:util/types';
import { errorReason } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { runsKept } from './socket-keeper.ts';

/** Codes of a failed `import` or `require` of a package that is not installed. */
const absenceCodes: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** gRPC's client library. */
export type GrpcPackage = typeof import('@grpc/grpc-js');

/** Loads the package `@grpc/grpc-js` and gives its exports, for instance `() => import('@grpc/grpc-js')`. */
export type GrpcLoader = () => Promise<unknown>;

/**
 * The package as Node finds it from this file, or from the program if this file is bundled. It is loaded by a `require`
 * that bundlers do not follow, since half of them fail on an `import()` of a package that is not installed. A bundle
 * that should contain gRPC passes its own {@link GrpcLoader}.
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
 * @throws an error that says what to install if it is absent, or that it does not work as it was bundled
 */
export async function loadGrpc(load: GrpcLoader = grpcBeside): Promise<GrpcPackage> {
  try {
    // Checked below.
    const module = (await load()) as GrpcPackage & { readonly default?: GrpcPackage };
    // The package is CommonJS: Node finds its exports, esbuild has them only on the default export.
    const grpc = module.default ?? module;
    if (typeof grpc.Client !== 'function') throw new TypeError('it exports no client');
    return grpc;
  } catch (cause) {
    const isAbsent = isNativeError(cause) && 'code' in cause && absenceCodes.has(String(cause.code));
    const message = isAbsent
      ? 'OTLP over gRPC needs a package that is not installed: npm install @grpc/grpc-js (a bundled program also passes grpc: () => import("@grpc/grpc-js"))'
      : `@grpc/grpc-js cannot be loaded: ${errorReason(cause)}; if the program is bundled, see the README of @codex-otel/provider`;
    throw new Error(message, { cause });
  }
}

/** Rejects if gRPC cannot be loaded, as {@link loadGrpc} does. Its type does not name a package that may be absent. */
export async function requireGrpc(load?: GrpcLoader): Promise<void> {
  await loadGrpc(load);
}

let quiet = false;

/**
 * Keeps gRPC from printing failures of our proxies: the library has one logger for the process, which writes to
 * standard error. What it logs for the host's own clients still goes there.
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
