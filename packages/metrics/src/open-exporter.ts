import type { OtelExporter } from '@codex-otel/config';
import { resolveExporter, resolveOtlpConnection } from '@codex-otel/config';
import type { InMemoryMetricExporter, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { openGrpcExporter } from './grpc-exporter.ts';
import { openHttpExporter } from './http-exporter.ts';
import { LazyExporter } from './lazy-exporter.ts';
import { MetricsError } from './metrics-error.ts';

/** An exporter ready for use, and the one to ask for temporality if it has a say in it. */
export interface OpenedExporter {
  readonly exporter: PushMetricExporter;
  readonly ownTemporality: PushMetricExporter | undefined;
}

/** @throws {@link MetricsError} EXPORTER_DISABLED, EXPORTER_BUILD_FAILED; errors of config. */
export async function openExporter(
  configured:
    | OtelExporter
    | { readonly kind: 'in-memory'; readonly exporter: InMemoryMetricExporter }
    | PushMetricExporter,
  env: Readonly<Record<string, string | undefined>>,
): Promise<OpenedExporter> {
  if (!('kind' in configured)) return { exporter: configured, ownTemporality: configured };
  if (configured.kind === 'in-memory') return { exporter: configured.exporter, ownTemporality: configured.exporter };
  const resolved = resolveExporter(configured, env);
  switch (resolved.kind) {
    case 'none':
    case 'statsig':
      throw new MetricsError('EXPORTER_DISABLED', `metrics exporter is ${configured.kind}, which exports nothing`);
    case 'console':
      return { exporter: new LazyExporter(openConsoleExporter), ownTemporality: undefined };
    case 'otlp-http':
    case 'otlp-grpc': {
      const connection = await resolveOtlpConnection(resolved, 'metrics', env);
      const exporter =
        connection.protocol === 'grpc' ? await openGrpcExporter(connection) : openHttpExporter(connection);
      return { exporter, ownTemporality: undefined };
    }
  }
}

async function openConsoleExporter(): Promise<PushMetricExporter> {
  const { ConsoleMetricExporter } = await import('@opentelemetry/sdk-metrics');
  return new ConsoleMetricExporter();
}
