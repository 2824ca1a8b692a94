import type { OtlpConnection } from '@codex-otel/config';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricsError } from './metrics-error.ts';

type ExportDone = Parameters<PushMetricExporter['export']>[1];
type Headers = Readonly<Record<string, string>>;

/** The SDK's own limit for exports at the same time. */
const concurrencyLimit = 30;

/**
 * OTLP over gRPC. Its packages are optional dependencies, so they load now, where their absence can still be
 * told to somebody. Put together from the parts of the SDK's exporter for the same reason as {@link openHttpExporter}.
 *
 * @throws {@link MetricsError} EXPORTER_BUILD_FAILED where they are not installed.
 */
export async function openGrpcExporter(connection: OtlpConnection): Promise<PushMetricExporter> {
  const [grpc, grpcBase] = await loadGrpc();
  const [base, transformer] = await Promise.all([
    import('@opentelemetry/otlp-exporter-base'),
    import('@opentelemetry/otlp-transformer'),
  ]);
  const { ca, cert, key } = connection.tls ?? {};
  const isPlain = connection.url.startsWith('http://');
  return new RenewedExporter(
    () => connection.headers(),
    (headers) => {
      const delegate = grpcBase.createOtlpGrpcExportDelegate(
        {
          url: new URL(connection.url).host,
          metadata: () => {
            const metadata = new grpc.Metadata();
            for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
            return metadata;
          },
          credentials: () =>
            isPlain ? grpc.credentials.createInsecure() : grpc.credentials.createSsl(pem(ca), pem(key), pem(cert)),
          timeoutMillis: Math.max(1, connection.timeoutMillis),
          concurrencyLimit,
          compression: connection.compression,
        },
        transformer.ProtobufMetricsSerializer,
        'otlp_grpc_metric_exporter',
        transformer.MetricsExporterMetricsHelper,
        undefined,
        'MetricsExportService',
        '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
      );
      return new base.OTLPExporterBase(delegate);
    },
  );
}

async function loadGrpc(): Promise<
  [typeof import('@grpc/grpc-js'), typeof import('@opentelemetry/otlp-grpc-exporter-base')]
> {
  try {
    return await Promise.all([import('@grpc/grpc-js'), import('@opentelemetry/otlp-grpc-exporter-base')]);
  } catch (cause) {
    const install = 'npm install @grpc/grpc-js @opentelemetry/otlp-grpc-exporter-base';
    throw new MetricsError('EXPORTER_BUILD_FAILED', `OTLP over gRPC needs two more packages: ${install}`, { cause });
  }
}

function pem(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}

/** The SDK's gRPC transport keeps the headers that it started with: when they change, a new one takes its place. */
class RenewedExporter implements PushMetricExporter {
  readonly #headers: () => Promise<Headers>;
  readonly #make: (headers: Headers) => PushMetricExporter;
  #current: { readonly made: string; readonly exporter: PushMetricExporter } | undefined;
  /** One export begins after the other, or two could each make an exporter for the same headers. */
  #turn: Promise<void> = Promise.resolve();

  constructor(headers: () => Promise<Headers>, make: (headers: Headers) => PushMetricExporter) {
    this.#headers = headers;
    this.#make = make;
  }

  export(metrics: ResourceMetrics, resultCallback: ExportDone): void {
    this.#turn = this.#turn
      .then(() => this.#renewed())
      .then(
        (exporter) => exporter.export(metrics, resultCallback),
        (error) => resultCallback({ code: 1, error }),
      );
  }

  async forceFlush(): Promise<void> {
    await this.#turn;
    await this.#current?.exporter.forceFlush();
  }

  async shutdown(): Promise<void> {
    await this.#turn;
    await this.#current?.exporter.shutdown();
  }

  async #renewed(): Promise<PushMetricExporter> {
    const headers = await this.#headers();
    const made = Object.entries(headers).flat().join('\n');
    if (this.#current?.made !== made) {
      const former = this.#current?.exporter;
      this.#current = { made, exporter: this.#make(headers) };
      await former?.shutdown();
    }
    return this.#current.exporter;
  }
}
