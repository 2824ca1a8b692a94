export type { OtelExporter, OtelTlsConfig, OtlpHeaders } from './otel-exporter.ts';
export type {
  OtelBatchSettings,
  OtelRootSampler,
  OtelSampler,
  OtelSettings,
  SpoolSettings,
  TracestateEntries,
} from './otel-settings.ts';
export type { OtlpConnection } from './otlp-connection.ts';
export {
  isLogExportTarget,
  isTraceSafeTarget,
  OTEL_LOG_ONLY_TARGET,
  OTEL_NETWORK_PROXY_TARGET,
  OTEL_TRACE_SAFE_TARGET,
} from './targets.ts';
