import { isNativeError } from 'node:util/types';
import type { OtelExporter, OtelSettings, OtelSignal, OtlpConnection } from '@codex-otel/config';
import {
  isOtelConfigError,
  OtelConfigError,
  resolveExporter,
  resolveOtlpConnection,
  validateSpanAttributes,
} from '@codex-otel/config';
import { validateTracestateEntries } from '@codex-otel/trace-context';
import { isSdkDisabled } from '../setup/sdk-disabled.ts';
import { checkSettings } from '../setup/settings-check.ts';

/** The key of each signal's exporter in the `[otel]` table. */
const exporterKeys = { traces: 'trace_exporter', logs: 'exporter', metrics: 'metrics_exporter' } as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The exporter of each signal, `statsig` already replaced by what it stands for. */
export type Exporters = Readonly<Record<OtelSignal, OtelExporter>>;

/** Where one signal goes: a checked connection, or this process's standard output. */
export type Destination =
  | { readonly kind: 'none' }
  | { readonly kind: 'console' }
  | {
      readonly kind: 'otlp';
      readonly connection: OtlpConnection;
      /** The headers, where they are the same for every export. */
      readonly fixedHeaders: Readonly<Record<string, string>> | undefined;
    };

const noExporters: Exporters = { traces: { kind: 'none' }, logs: { kind: 'none' }, metrics: { kind: 'none' } };

/**
 * The exporters of settings that are of the right shape; none where the environment turns everything off.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG when the settings are of the wrong shape.
 */
export function exportersOf(settings: OtelSettings, env: Env): Exporters {
  if (isSdkDisabled(env)) return noExporters;
  checkSettings(settings);
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
  env: Env,
): Promise<Readonly<Record<OtelSignal, Destination>>> {
  const results = await Promise.allSettled([
    destination(exporters.traces, 'traces', env),
    destination(exporters.logs, 'logs', env),
    destination(exporters.metrics, 'metrics', env),
    checkSpanAttributes(settings, exporters),
  ]);
  const [traces, logs, metrics] = results;
  const errors: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0 || !isFulfilled(traces) || !isFulfilled(logs) || !isFulfilled(metrics)) throw together(errors);
  validateTracestateEntries(settings.tracestate ?? {});
  return { traces: traces.value, logs: logs.value, metrics: metrics.value };
}

async function destination(exporter: OtelExporter, signal: OtelSignal, env: Env): Promise<Destination> {
  if (exporter.kind === 'none' || exporter.kind === 'console') return { kind: exporter.kind };
  const connection = await resolveOtlpConnection(exporter, signal, env);
  if (connection.protocol === 'grpc') await checkGrpc(signal);
  const fixedHeaders =
    'headers' in exporter && typeof exporter.headers === 'function' ? undefined : await connection.headers();
  return { kind: 'otlp', connection, fixedHeaders };
}

/** Loads gRPC, so that one that is missing, or does not work in a bundle, shows now and not at the first export. */
async function checkGrpc(signal: OtelSignal): Promise<void> {
  const { loadGrpc } = await import('../transport/grpc-package.ts');
  try {
    await loadGrpc();
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
