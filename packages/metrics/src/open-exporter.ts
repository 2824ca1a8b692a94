import type { OtelExporter, OtlpConnection } from '@codex-otel/config';
import type { InMemoryMetricExporter, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { openGrpcExporter } from './grpc-exporter.ts';
import { LazyExporter } from './lazy-exporter.ts';
import { MetricsError } from './metrics-error.ts';

/** An exporter ready for use, and the one to ask for temporality if it has a say in it. */
export interface OpenedExporter {
  readonly exporter: PushMetricExporter;
  readonly ownTemporality: PushMetricExporter | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** @throws {@link MetricsError} EXPORTER_DISABLED, EXPORTER_BUILD_FAILED; errors of config. */
export async function openExporter(
  configured:
    | OtelExporter
    | { readonly kind: 'in-memory'; readonly exporter: InMemoryMetricExporter }
    | PushMetricExporter,
  env: Env,
): Promise<OpenedExporter> {
  if (!('kind' in configured)) return { exporter: configured, ownTemporality: configured };
  if (configured.kind === 'in-memory') return { exporter: configured.exporter, ownTemporality: configured.exporter };
  const { resolveExporter, resolveOtlpConnection } = await import('@codex-otel/config');
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
      return { exporter: await openOtlpExporter(connection), ownTemporality: undefined };
    }
  }
}

async function openOtlpExporter(connection: OtlpConnection): Promise<PushMetricExporter> {
  switch (connection.protocol) {
    case 'grpc':
      return openGrpcExporter(connection);
    case 'http/protobuf':
      return new LazyExporter(async () => {
        const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
        return new OTLPMetricExporter(httpOptions(connection));
      });
    case 'http/json':
      return new LazyExporter(async () => {
        const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
        return new OTLPMetricExporter(httpOptions(connection));
      });
  }
}

async function openConsoleExporter(): Promise<PushMetricExporter> {
  const { ConsoleMetricExporter } = await import('@opentelemetry/sdk-metrics');
  return new ConsoleMetricExporter();
}

function httpOptions(connection: OtlpConnection): HttpExporterOptions {
  return {
    url: connection.url,
    headers: async () => ({ ...(await connection.headers()) }),
    timeoutMillis: connection.timeoutMillis,
    compression: connection.compression as NonNullable<HttpExporterOptions['compression']>, // a string enum with these two values
    httpAgentOptions: { keepAlive: true, ...connection.tls },
  };
}

type HttpExporterOptions = NonNullable<
  ConstructorParameters<typeof import('@opentelemetry/exporter-metrics-otlp-proto')['OTLPMetricExporter']>[0]
>;
