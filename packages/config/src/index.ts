export type { LoadOtelSettingsOptions } from './config-file.ts';
export { loadOtelSettings } from './config-file.ts';
export { endpointName } from './endpoint.ts';
export type { Env } from './env.ts';
export type { HeadersHelper, HeadersHelperInput, HeadersHelperOptions } from './headers-helper.ts';
export { headersFromHelper, headersHelperOf } from './headers-helper.ts';
export { errorName, errorReason, oneLine } from './one-line.ts';
export type { ParseOtelConfigOptions } from './otel-config.ts';
export { parseOtelConfig } from './otel-config.ts';
export type { OtelConfigProblem } from './otel-config-error.ts';
export { isOtelConfigError, OtelConfigError } from './otel-config-error.ts';
export type { OtelExporter, OtelTlsConfig, OtlpExporterSettings, OtlpHeaders } from './otel-exporter.ts';
export type {
  OtelBatchSettings,
  OtelRootSampler,
  OtelSampler,
  OtelSettings,
  SpoolSettings,
  TracestateEntries,
} from './otel-settings.ts';
export type { OtlpConnection } from './otlp-connection.ts';
export { resolveOtlpConnection } from './otlp-connection.ts';
export type { Platform, PlatformDifferences } from './platform.ts';
export { differencesOf, thisPlatform } from './platform.ts';
export { resolveExporter } from './resolved-exporter.ts';
export { validateOtelSettings } from './settings-check.ts';
export type { OtelSignal } from './signal.ts';
export { validateSpanAttributes } from './span-attributes.ts';
export {
  isLogExportTarget,
  isTraceSafeTarget,
  OTEL_LOG_ONLY_TARGET,
  OTEL_NETWORK_PROXY_TARGET,
  OTEL_TRACE_SAFE_TARGET,
} from './targets.ts';
export { writeUnlessClosed } from './write-unless-closed.ts';
