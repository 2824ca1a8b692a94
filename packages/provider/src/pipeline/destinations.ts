import { isNativeError } from 'node:util/types';
import type { OtelExporter, OtelSettings, OtelSignal, OtlpConnection } from '@codex-otel/config';
import {
  endpointName,
  isOtelConfigError,
  OtelConfigError,
  resolveExporter,
  resolveOtlpConnection,
  validateOtelSettings,
  validateSpanAttributes,
} from '@codex-otel/config';
import type { GrpcLoader, HeaderSource, Sender, SignalItems } from '@codex-otel/metrics/otlp';
import { validateTracestateEntries } from '@codex-otel/trace-context';
import { isSdkDisabled } from '../setup/sdk-disabled.ts';
import { itemMeasures } from '../values/item-size.ts';

/** The key of each signal's exporter in the `[otel]` table. */
export const exporterKeys = { traces: 'trace_exporter', logs: 'exporter', metrics: 'metrics_exporter' } as const;
const consoleTimeoutMillis = 10_000;

type Env = Readonly<Record<string, string | undefined>>;

/** The exporter of each signal, `statsig` already replaced by what it stands for. */
export type Exporters = Readonly<Record<OtelSignal, OtelExporter>>;

/** Where one signal goes, checked: a collector, or this process's standard output. */
export interface Destination<S extends OtelSignal = OtelSignal> {
  /** For messages: an endpoint without anything that could be secret. */
  readonly name: string;
  /** For a debug log: what else is configured. */
  readonly description: string;
  /** The whole time of one attempt to send a batch. */
  readonly timeoutMillis: number;
  /** Called at the first export; this is where exporters, HTTP clients and serialisers are loaded. */
  openSender(): Promise<Sender<SignalItems[S]>>;
  /** How another process, or the next start, reaches it; absent where only this process can. */
  readonly remote: RemoteDestination | undefined;
}

/** A destination that another process can reach. */
export interface RemoteDestination {
  readonly connection: OtlpConnection;
  /** The headers of the last export, or those that never change; for when nothing can be awaited any more. */
  lastHeaders(): Readonly<Record<string, string>> | undefined;
}

/** The destinations of the signals whose exporter is not none. */
export type Destinations = { readonly [S in OtelSignal]: Destination<S> | undefined };

/** What destinations are opened with. */
export interface DestinationSurroundings {
  readonly env: Env;
  readonly grpc?: GrpcLoader | undefined;
}

const noExporters: Exporters = { traces: { kind: 'none' }, logs: { kind: 'none' }, metrics: { kind: 'none' } };

/**
 * The exporters of settings that are of the right shape; none where the environment turns everything off.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG when the settings are of the wrong shape.
 */
export function exportersOf(settings: OtelSettings, env: Env): Exporters {
  if (isSdkDisabled(env)) return noExporters;
  validateOtelSettings(settings);
  return {
    traces: resolveExporter(settings.traceExporter, env),
    logs: resolveExporter(settings.exporter, env),
    metrics: resolveExporter(settings.metricsExporter, env),
  };
}

/**
 * Checks all that can be wrong with the settings of a provider, and reads the TLS material.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG with every problem of every signal.
 * @throws {@link TracestateError} INVALID_TRACESTATE when only the configured tracestate is wrong.
 */
export async function checkedDestinations(
  settings: Pick<OtelSettings, 'spanAttributes' | 'tracestate'>,
  exporters: Exporters,
  around: DestinationSurroundings,
): Promise<Destinations> {
  const results = await Promise.allSettled([
    destination(exporters.traces, 'traces', around),
    destination(exporters.logs, 'logs', around),
    destination(exporters.metrics, 'metrics', around),
    checkSpanAttributes(settings, exporters),
  ]);
  const [traces, logs, metrics] = results;
  const errors: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0 || !isFulfilled(traces) || !isFulfilled(logs) || !isFulfilled(metrics)) throw together(errors);
  validateTracestateEntries(settings.tracestate ?? {});
  return { traces: traces.value, logs: logs.value, metrics: metrics.value };
}

/** A kind of exporter that is missing here does not compile. */
async function destination<S extends OtelSignal>(
  exporter: OtelExporter,
  signal: S,
  around: DestinationSurroundings,
): Promise<Destination<S> | undefined> {
  switch (exporter.kind) {
    case 'none':
      return undefined;
    case 'console':
      return consoleDestination(signal);
    case 'statsig':
    case 'otlp-http':
    case 'otlp-grpc': {
      const connection = await resolveOtlpConnection(exporter, signal, around.env);
      if (connection.protocol === 'grpc') await checkGrpc(signal, around);
      const asked = 'headers' in exporter && typeof exporter.headers === 'function';
      return otlpDestination(signal, connection, asked ? undefined : await connection.headers(), around);
    }
  }
}

function consoleDestination<S extends OtelSignal>(signal: S): Destination<S> {
  return {
    name: 'the console',
    description: 'console',
    timeoutMillis: consoleTimeoutMillis,
    openSender: async () => {
      const { openConsoleSender } = await import('@codex-otel/metrics/otlp');
      return openConsoleSender(signal, itemMeasures[signal].countOf);
    },
    remote: undefined,
  };
}

function otlpDestination<S extends OtelSignal>(
  signal: S,
  connection: OtlpConnection,
  fixedHeaders: Readonly<Record<string, string>> | undefined,
  around: DestinationSurroundings,
): Destination<S> {
  const { protocol, url, compression, timeoutMillis, tls } = connection;
  const material = tls === undefined ? '' : `, TLS material: ${Object.keys(tls).join(' ') || 'none'}`;
  let headers: HeaderSource | undefined;
  return {
    name: endpointName(url),
    description: `${protocol} to ${endpointName(url)}, compression ${compression}, time-out ${timeoutMillis} ms${material}`,
    timeoutMillis,
    openSender: async () => {
      const { headerSource, openSender } = await import('@codex-otel/metrics/otlp');
      // The outlet and the spool open senders of their own, which share what was asked last.
      headers ??= headerSource(connection);
      return openSender(signal, connection, { ...around, headers, countOf: itemMeasures[signal].countOf });
    },
    remote: { connection, lastHeaders: () => headers?.last() ?? fixedHeaders },
  };
}

/** Loads gRPC, so that one that is missing, or does not work in a bundle, shows now and not at the first export. */
async function checkGrpc(signal: OtelSignal, { grpc }: DestinationSurroundings): Promise<void> {
  const { requireGrpc } = await import('@codex-otel/metrics/otlp');
  try {
    await requireGrpc(grpc);
  } catch (cause) {
    const message = isNativeError(cause) ? cause.message : String(cause);
    throw new OtelConfigError({ path: `otel.${exporterKeys[signal]}.otlp-grpc`, message }, { cause });
  }
}

async function checkSpanAttributes(
  { spanAttributes = {} }: Pick<OtelSettings, 'spanAttributes'>,
  { traces }: Exporters,
): Promise<void> {
  if (traces.kind !== 'none') validateSpanAttributes(spanAttributes);
}

function isFulfilled<T>(result: PromiseSettledResult<T>): result is PromiseFulfilledResult<T> {
  return result.status === 'fulfilled';
}

/** One error out of several; anything that is not about the settings comes first, as it is. */
function together(errors: readonly unknown[]): unknown {
  const foreign = errors.find((error) => !isOtelConfigError(error));
  const [first, ...rest] = errors.filter(isOtelConfigError).flatMap(({ problems }) => problems);
  return foreign ?? (first && new OtelConfigError([first, ...rest], { cause: errors[0] }));
}
