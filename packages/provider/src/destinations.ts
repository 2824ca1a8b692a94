import type { OtelExporter, OtelSettings } from '@codex-otel/config';
import { isOtelConfigError, OtelConfigError, resolveOtlpConnection, validateSpanAttributes } from '@codex-otel/config';
import { validateTracestateEntries } from '@codex-otel/trace-context';
import type { Signal } from './outlet/outlet-report.ts';
import type { Destination } from './signal-pipeline.ts';

/** The exporter of each signal, `statsig` already replaced by what it stands for. */
export type Exporters = Readonly<Record<Signal, OtelExporter>>;

/**
 * Checks all that can be wrong with the settings of a provider, and reads the TLS material.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG with every problem of every signal.
 * @throws {@link TracestateError} INVALID_TRACESTATE when only the configured tracestate is wrong.
 */
export async function checkedDestinations(
  settings: OtelSettings,
  exporters: Exporters,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<Signal, Destination>>> {
  const [traces, logs, metrics, attributes] = await Promise.allSettled([
    destination(exporters.traces, 'traces', env),
    destination(exporters.logs, 'logs', env),
    destination(exporters.metrics, 'metrics', env),
    (async () => {
      if (exporters.traces.kind !== 'none') validateSpanAttributes(settings.spanAttributes ?? {});
    })(),
  ]);
  if (
    traces.status === 'fulfilled' &&
    logs.status === 'fulfilled' &&
    metrics.status === 'fulfilled' &&
    attributes.status === 'fulfilled'
  ) {
    validateTracestateEntries(settings.tracestate ?? {});
    return { traces: traces.value, logs: logs.value, metrics: metrics.value };
  }
  throw together(
    [traces, logs, metrics, attributes].flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  );
}

async function destination(
  exporter: OtelExporter,
  signal: Signal,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Destination> {
  if (exporter.kind === 'none' || exporter.kind === 'console') return { kind: exporter.kind };
  return { kind: 'otlp', connection: await resolveOtlpConnection(exporter, signal, env) };
}

/** One error out of several; anything that is not about the settings comes first, as it is. */
function together(errors: readonly unknown[]): unknown {
  const foreign = errors.find((error) => !isOtelConfigError(error));
  const [first, ...rest] = errors.filter(isOtelConfigError).flatMap(({ problems }) => problems);
  return foreign ?? (first && new OtelConfigError([first, ...rest], { cause: errors[0] }));
}
