import type { OtelExporter, OtelSettings } from '@codex-otel/config';
import type { OtlpCollector } from '@codex-otel/otlp-collector';

/** Settings with every exporter none, and what a test changes of them. */
export function testSettings(changes: Partial<OtelSettings> = {}): OtelSettings {
  return {
    environment: 'test',
    serviceName: 'codex_cli_rs',
    serviceVersion: '1.2.3',
    codexHome: '/nonexistent',
    exporter: { kind: 'none' },
    traceExporter: { kind: 'none' },
    metricsExporter: { kind: 'none' },
    ...changes,
  };
}

/** How the exporters of a test reach the collector. */
export type TestProtocol = 'binary' | 'json' | 'grpc';

/** Settings that send all three signals to a collector. */
export function settingsFor(
  collector: OtlpCollector,
  protocol: TestProtocol = 'binary',
  changes: Partial<OtelSettings> = {},
): OtelSettings {
  const exporter: OtelExporter =
    protocol === 'grpc'
      ? { kind: 'otlp-grpc', endpoint: collector.grpcUrl }
      : { kind: 'otlp-http', endpoint: collector.httpUrl, protocol };
  return testSettings({ exporter, traceExporter: exporter, metricsExporter: exporter, ...changes });
}
