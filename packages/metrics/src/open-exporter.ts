import type { OtelExporter } from '@codex-otel/config';
import { endpointName, resolveExporter, resolveOtlpConnection } from '@codex-otel/config';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { MetricsError } from './metrics-error.ts';
import type { GrpcLoader } from './otlp/grpc-package.ts';
import { SenderExporter } from './sender-exporter.ts';

const consoleTimeoutMillis = 10_000;

/** An exporter ready for use, and the one to ask for temporality if it has a say in it. */
export interface OpenedExporter {
  readonly exporter: PushMetricExporter;
  readonly ownTemporality: PushMetricExporter | undefined;
}

/** @throws {@link MetricsError} EXPORTER_DISABLED, EXPORTER_BUILD_FAILED; errors of config. */
export async function openExporter(
  configured: OtelExporter | { readonly kind: 'in-memory'; readonly exporter: PushMetricExporter } | PushMetricExporter,
  env: Readonly<Record<string, string | undefined>>,
  grpc: GrpcLoader | undefined,
): Promise<OpenedExporter> {
  if (!('kind' in configured)) return { exporter: configured, ownTemporality: configured };
  if (configured.kind === 'in-memory') return { exporter: configured.exporter, ownTemporality: configured.exporter };
  const resolved = resolveExporter(configured, env);
  switch (resolved.kind) {
    case 'none':
    case 'statsig':
      throw new MetricsError('EXPORTER_DISABLED', `metrics exporter is ${configured.kind}, which exports nothing`);
    case 'console': {
      const open = async () => (await import('./otlp.ts')).openConsoleSender('metrics');
      const exporter = new SenderExporter({ name: 'the console', timeoutMillis: consoleTimeoutMillis, open });
      return { exporter, ownTemporality: undefined };
    }
    case 'otlp-http':
    case 'otlp-grpc': {
      const connection = await resolveOtlpConnection(resolved, 'metrics', env);
      if (connection.protocol === 'grpc') await checkGrpc(grpc);
      const open = async () => (await import('./otlp.ts')).openSender('metrics', connection, { env, grpc });
      const { timeoutMillis, url } = connection;
      return {
        exporter: new SenderExporter({ name: endpointName(url), timeoutMillis, open }),
        ownTemporality: undefined,
      };
    }
  }
}

/** Loads gRPC now, where its absence can still be told to somebody. */
async function checkGrpc(grpc: GrpcLoader | undefined): Promise<void> {
  const { requireGrpc } = await import('./otlp.ts');
  try {
    await requireGrpc(grpc);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'gRPC cannot be loaded';
    throw new MetricsError('EXPORTER_BUILD_FAILED', message, { cause });
  }
}
