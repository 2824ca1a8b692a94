export { createOtelProvider } from './create-otel-provider.ts';
export type { OtelFlushOptions } from './otel-provider.ts';
export { OtelProvider } from './otel-provider.ts';
export type { ProviderStats } from './otel-shutdown-error.ts';
export { isOtelShutdownError, OtelShutdownError } from './otel-shutdown-error.ts';
export type { SignalStats } from './outlet/outlet.ts';
export type { OtelProviderOptions } from './provider-options.ts';
export type { SpanEventRule } from './traces/span-record.ts';
