import type { OtelExporter, OtelSettings, OtelSignal } from '@codex-otel/config';
import {
  isOtelConfigError,
  OtelConfigError,
  resolveExporter,
  validateOtelSettings,
  validateSpanAttributes,
} from '@codex-otel/config';
import type { Destination } from '@codex-otel/metrics';
import { openDestination } from '@codex-otel/metrics';
import type { GrpcLoader } from '@codex-otel/metrics/otlp';
import { validateTracestateEntries } from '@codex-otel/trace-context';
import { isSdkDisabled } from '../setup/sdk-disabled.ts';
import { itemMeasures } from '../values/item-size.ts';

/** The key of each signal's exporter in the `[otel]` table. */
export const exporterKeys = { traces: 'trace_exporter', logs: 'exporter', metrics: 'metrics_exporter' } as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The exporter of each signal, with `statsig` resolved. */
export type Exporters = Readonly<Record<OtelSignal, OtelExporter>>;

/** The destination of each signal; `undefined` if its exporter is `none`. */
export type Destinations = { readonly [S in OtelSignal]: Destination<S> | undefined };

/** Options for opening destinations. */
export interface DestinationSurroundings {
  readonly env: Env;
  readonly grpc?: GrpcLoader | undefined;
}

const noExporters: Exporters = { traces: { kind: 'none' }, logs: { kind: 'none' }, metrics: { kind: 'none' } };

/**
 * Checks the shape of settings and gives their exporters; `none` if the environment turns everything off.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG if the settings have the wrong shape.
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
 * Checks the settings of a provider and reads the TLS material.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG with every problem of every signal.
 * @throws {@link TracestateError} INVALID_TRACESTATE if only the configured tracestate is not valid.
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

function destination<S extends OtelSignal>(
  exporter: OtelExporter,
  signal: S,
  around: DestinationSurroundings,
): Promise<Destination<S> | undefined> {
  const path = `otel.${exporterKeys[signal]}.otlp-grpc`;
  return openDestination(exporter, signal, {
    ...around,
    countOf: itemMeasures[signal].countOf,
    grpcError: (message, cause) => new OtelConfigError({ path, message }, { cause }),
  });
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

/** Combines errors into one; an error that is not about the settings takes precedence. */
function together(errors: readonly unknown[]): unknown {
  const foreign = errors.find((error) => !isOtelConfigError(error));
  const [first, ...rest] = errors.filter(isOtelConfigError).flatMap(({ problems }) => problems);
  return foreign ?? (first && new OtelConfigError([first, ...rest], { cause: errors[0] }));
}
