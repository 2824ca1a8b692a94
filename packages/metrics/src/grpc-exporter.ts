import type { OtlpConnection } from '@codex-otel/config';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricsError } from './metrics-error.ts';

type ExportDone = Parameters<PushMetricExporter['export']>[1];
type Headers = Readonly<Record<string, string>>;

/**
 * OTLP over gRPC. Its packages are optional dependencies, so they load now, where their absence can still be
 * told to somebody.
 *
 * @throws {@link MetricsError} EXPORTER_BUILD_FAILED where they are not installed.
 */
export async function openGrpcExporter(connection: OtlpConnection): Promise<PushMetricExporter> {
  const [grpc, { OTLPMetricExporter }] = await loadGrpc();
  const { ca, cert, key } = connection.tls ?? {};
  const credentials = connection.url.startsWith('http://')
    ? grpc.credentials.createInsecure()
    : grpc.credentials.createSsl(pem(ca), pem(key), pem(cert));
  return new RenewedExporter(
    () => connection.headers(),
    (headers) => {
      const metadata = new grpc.Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new OTLPMetricExporter({
        url: connection.url,
        metadata,
        credentials,
        timeoutMillis: connection.timeoutMillis,
        compression: connection.compression as NonNullable<GrpcExporterOptions['compression']>, // a string enum with these two values
      });
    },
  );
}

type GrpcExporterOptions = NonNullable<
  ConstructorParameters<typeof import('@opentelemetry/exporter-metrics-otlp-grpc')['OTLPMetricExporter']>[0]
>;

async function loadGrpc(): Promise<
  [typeof import('@grpc/grpc-js'), typeof import('@opentelemetry/exporter-metrics-otlp-grpc')]
> {
  try {
    return await Promise.all([import('@grpc/grpc-js'), import('@opentelemetry/exporter-metrics-otlp-grpc')]);
  } catch (cause) {
    const install = 'npm install @grpc/grpc-js @opentelemetry/exporter-metrics-otlp-grpc';
    throw new MetricsError('EXPORTER_BUILD_FAILED', `OTLP over gRPC needs two more packages: ${install}`, { cause });
  }
}

function pem(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}

/** The SDK's gRPC exporter keeps the headers that it started with: when they change, a new one takes its place. */
class RenewedExporter implements PushMetricExporter {
  readonly #headers: () => Promise<Headers>;
  readonly #make: (headers: Headers) => PushMetricExporter;
  #current: { readonly made: string; readonly exporter: PushMetricExporter } | undefined;
  /** One export begins after the other, or two could each make an exporter for the same headers. */
  #turn: Promise<unknown> = Promise.resolve();

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
    const made = JSON.stringify(headers);
    if (this.#current?.made !== made) {
      const former = this.#current?.exporter;
      this.#current = { made, exporter: this.#make(headers) };
      await former?.shutdown();
    }
    return this.#current.exporter;
  }
}
