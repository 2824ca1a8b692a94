import { isNativeError } from 'node:util/types';
import { diag } from '@opentelemetry/api';
import { errorReason } from './error-reason.ts';
import { runsKept } from './socket-keeper.ts';

/** What an import and a `require` of something that is not there fail with. */
const absenceCodes: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** gRPC's client library. */
export type GrpcPackage = typeof import('@grpc/grpc-js');

/**
 * Loads gRPC, an optional dependency.
 *
 * @throws an error that says what to install, where it is absent, or that it does not work as it was bundled
 */
export async function loadGrpc(): Promise<GrpcPackage> {
  try {
    const module: GrpcPackage & { readonly default?: GrpcPackage } = await import('@grpc/grpc-js');
    // The package is CommonJS: Node finds its names, esbuild gives them on the default export alone.
    const grpc = module.default ?? module;
    if (typeof grpc.Client !== 'function') throw new TypeError('it exports no client');
    return grpc;
  } catch (cause) {
    const isAbsent = isNativeError(cause) && 'code' in cause && absenceCodes.has(String(cause.code));
    const message = isAbsent
      ? 'OTLP over gRPC needs a package that is not there: npm install @grpc/grpc-js'
      : `@grpc/grpc-js cannot be loaded; in a bundle, it needs what the README of @codex-otel/provider says (${errorReason(cause)})`;
    throw new Error(message, { cause });
  }
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
