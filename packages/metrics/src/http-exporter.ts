import type { OtlpConnection } from '@codex-otel/config';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { LazyExporter } from './lazy-exporter.ts';

/** The SDK's own limit for exports at the same time. */
const concurrencyLimit = 30;

/**
 * OTLP over HTTP, as protobuf or JSON, loaded at the first export.
 *
 * Made of the parts that the SDK's exporters are made of: those add the headers of `OTEL_EXPORTER_OTLP_HEADERS` to
 * every request, also where the settings say that this endpoint must not get them.
 */
export function openHttpExporter(connection: OtlpConnection): PushMetricExporter {
  return new LazyExporter(async () => {
    const [base, http, transformer] = await Promise.all([
      import('@opentelemetry/otlp-exporter-base'),
      import('@opentelemetry/otlp-exporter-base/node-http'),
      import('@opentelemetry/otlp-transformer'),
    ]);
    const isJson = connection.protocol === 'http/json';
    const delegate = http.createOtlpHttpExportDelegate(
      {
        url: connection.url,
        headers: async () => ({
          ...(await connection.headers()),
          'Content-Type': isJson ? 'application/json' : 'application/x-protobuf',
        }),
        // To Node's sockets 0 is no limit at all.
        timeoutMillis: Math.max(1, connection.timeoutMillis),
        concurrencyLimit,
        compression: connection.compression,
        agentFactory: http.httpAgentFactoryFromOptions({ keepAlive: true, ...connection.tls }),
      },
      isJson ? transformer.JsonMetricsSerializer : transformer.ProtobufMetricsSerializer,
      'otlp_http_metric_exporter',
      transformer.MetricsExporterMetricsHelper,
      undefined,
    );
    return new base.OTLPExporterBase(delegate);
  });
}
