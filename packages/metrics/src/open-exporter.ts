import type { OtelExporter } from '@codex-otel/config';
import { resolveExporter } from '@codex-otel/config';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { openDestination } from './destination.ts';
import { MetricsError } from './metrics-error.ts';
import type { GrpcLoader } from './otlp/grpc-package.ts';
import { SenderExporter } from './sender-exporter.ts';

/** An exporter that is ready for use. */
export interface OpenedExporter {
  readonly exporter: PushMetricExporter;
  /** The exporter that is asked for the temporality; absent if it has no preference. */
  readonly ownTemporality: PushMetricExporter | undefined;
  /** Where metrics go, and why the last attempt failed; for messages. */
  describe(): string;
}

/** @throws {@link MetricsError} EXPORTER_DISABLED, EXPORTER_BUILD_FAILED; errors of config. */
export async function openExporter(
  configured: OtelExporter | { readonly kind: 'in-memory'; readonly exporter: PushMetricExporter } | PushMetricExporter,
  env: Readonly<Record<string, string | undefined>>,
  grpc: GrpcLoader | undefined,
): Promise<OpenedExporter> {
  if (!('kind' in configured)) return ownExporter(configured);
  if (configured.kind === 'in-memory') return ownExporter(configured.exporter);
  const destination = await openDestination(resolveExporter(configured, env), 'metrics', {
    env,
    grpc,
    grpcError: (message, cause) => new MetricsError('EXPORTER_BUILD_FAILED', message, { cause }),
  });
  if (destination === undefined) {
    throw new MetricsError('EXPORTER_DISABLED', `metrics exporter is ${configured.kind}, which exports nothing`);
  }
  const exporter = new SenderExporter(destination);
  return { exporter, ownTemporality: undefined, describe: () => exporter.describe() };
}

function ownExporter(exporter: PushMetricExporter): OpenedExporter {
  return { exporter, ownTemporality: exporter, describe: () => 'the exporter does not answer' };
}
