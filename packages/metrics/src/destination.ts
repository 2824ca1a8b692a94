import type { OtelExporter, OtelSignal, OtlpConnection } from '@codex-otel/config';
import { endpointName, resolveOtlpConnection } from '@codex-otel/config';
import type { GrpcLoader } from './otlp/grpc-package.ts';
import type { HeaderSource } from './otlp/header-source.ts';
import type { Sender } from './otlp/sender.ts';
import type { SignalItems } from './otlp/signal-items.ts';

/** The default of OTLP; it applies if nobody reads the console's output. */
const CONSOLE_TIMEOUT_MILLIS = 10_000;

/**
 * Where one signal goes, checked: a collector, or this process's standard output.
 *
 * @internal
 */
export interface Destination<S extends OtelSignal = OtelSignal> {
  /** For messages: an endpoint without user, password and query, or the console. */
  readonly name: string;
  /** For a debug log: what else is configured. */
  readonly description: string;
  /** The whole time of one attempt to send a batch, in milliseconds. */
  readonly timeoutMillis: number;
  /** Called at the first export; this is where exporters, HTTP clients and serialisers are loaded. */
  openSender(): Promise<Sender<SignalItems[S]>>;
  /** How another process, or the next start, reaches it; absent if only this process can. */
  readonly remote: RemoteDestination | undefined;
}

/**
 * A destination that another process can reach.
 *
 * @internal
 */
export interface RemoteDestination {
  readonly connection: OtlpConnection;
  /** The headers of the last export, or those that never change; for when nothing can be awaited any more. */
  lastHeaders(): Readonly<Record<string, string>> | undefined;
}

/**
 * Options of {@link openDestination}.
 *
 * @internal
 */
export interface DestinationOptions<Item> {
  /** Where proxies, time-outs and everything else that the exporter does not set are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Loads `@grpc/grpc-js`. @defaultValue the one that Node finds beside this package */
  readonly grpc?: GrpcLoader | undefined;
  /** How many items one item counts as. @defaultValue 1 */
  readonly countOf?: ((item: Item) => number) | undefined;
  /** Makes the error for gRPC that is missing or cannot be loaded. */
  readonly grpcError: (message: string, cause: unknown) => Error;
}

/**
 * Checks an exporter and gives the way to its collector. Nothing connects before the first export.
 *
 * @internal
 * @returns `undefined` if the exporter is `none`.
 * @throws `OtelConfigError` for an endpoint or TLS material that is not usable; what `grpcError` makes.
 */
export async function openDestination<S extends OtelSignal>(
  exporter: OtelExporter,
  signal: S,
  options: DestinationOptions<SignalItems[S]>,
): Promise<Destination<S> | undefined> {
  // A kind of exporter that is missing here does not compile.
  switch (exporter.kind) {
    case 'none':
      return undefined;
    case 'console':
      return consoleDestination(signal, options);
    case 'statsig':
    case 'otlp-http':
    case 'otlp-grpc': {
      const connection = await resolveOtlpConnection(exporter, signal, options.env);
      if (connection.protocol === 'grpc') await checkGrpc(options);
      const asked = 'headers' in exporter && typeof exporter.headers === 'function';
      return otlpDestination(signal, connection, asked ? undefined : await connection.headers(), options);
    }
  }
}

function consoleDestination<S extends OtelSignal>(
  signal: S,
  { countOf }: DestinationOptions<SignalItems[S]>,
): Destination<S> {
  return {
    name: 'the console',
    description: 'console',
    timeoutMillis: CONSOLE_TIMEOUT_MILLIS,
    openSender: async () => (await import('./otlp.ts')).openConsoleSender(signal, countOf),
    remote: undefined,
  };
}

function otlpDestination<S extends OtelSignal>(
  signal: S,
  connection: OtlpConnection,
  fixedHeaders: Readonly<Record<string, string>> | undefined,
  { env, grpc, countOf }: DestinationOptions<SignalItems[S]>,
): Destination<S> {
  const { protocol, url, compression, timeoutMillis, tls } = connection;
  const name = endpointName(url);
  const material = tls === undefined ? '' : `, TLS material: ${Object.keys(tls).join(' ') || 'none'}`;
  let headers: HeaderSource | undefined;
  return {
    name,
    description: `${protocol} to ${name}, compression ${compression}, time-out ${timeoutMillis} ms${material}`,
    timeoutMillis,
    openSender: async () => {
      const { headerSource, openSender } = await import('./otlp.ts');
      // Several senders of one destination share the last answer.
      headers ??= headerSource(connection);
      return openSender(signal, connection, { env, grpc, headers, countOf });
    },
    remote: { connection, lastHeaders: () => headers?.last() ?? fixedHeaders },
  };
}

/**
 * Checks that gRPC is installed, so that its absence is reported now and not at the first export. Loading it would take
 * longer than the rest of the start, so it loads at the first export. A program that passes a loader has it in its bundle.
 */
async function checkGrpc<Item>({ grpc, grpcError }: DestinationOptions<Item>): Promise<void> {
  if (grpc !== undefined || isGrpcBeside()) return;
  const { requireGrpc } = await import('./otlp.ts');
  try {
    await requireGrpc();
  } catch (cause) {
    throw grpcError(cause instanceof Error ? cause.message : 'gRPC cannot be loaded', cause);
  }
}

/** Whether the package is where `grpcBeside` requires it from. */
function isGrpcBeside(): boolean {
  const { createRequire } = process.getBuiltinModule('node:module');
  const from: string | undefined = import.meta.url || process.argv[1];
  try {
    createRequire(from ?? process.execPath).resolve('@grpc/grpc-js');
    return true;
  } catch {
    return false;
  }
}
