import type { TracestateEntries } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { setGlobalMetricsClient } from '@codex-otel/metrics';
import { setTracestateEntries, W3cPropagator } from '@codex-otel/trace-context';
import type { ContextManager, LoggerProvider, TracerProvider } from '@opentelemetry/api';
import { context, diag, logs, propagation, trace } from '@opentelemetry/api';
import { ProxyLoggerProvider } from '../logs/proxy-logger-provider.ts';
import { ProxyTracerProvider } from '../traces/proxy-tracer-provider.ts';
import { registeredInApi } from './api-registry.ts';

/** What a provider registers for the process. */
export interface ProviderGlobals {
  readonly tracerProvider: TracerProvider | undefined;
  readonly loggerProvider: LoggerProvider | undefined;
  readonly metrics: MetricsClient | undefined;
  readonly tracestate: TracestateEntries;
  readonly createContextManager: () => ContextManager;
}

/** What is registered with the API. It stays the same; its delegate is the newest provider. */
interface Proxies {
  readonly tracers: ProxyTracerProvider;
  readonly loggers: ProxyLoggerProvider;
  current: ProviderGlobals | undefined;
}

const stateKey = Symbol.for('codex-otel.provider.globals.v1');
const state: { [stateKey]?: Proxies } & typeof globalThis = globalThis;

/**
 * Registers a provider for the process, in place of an earlier one. Tracers and loggers that libraries already have use
 * the new one. What a host registered itself is left alone and reported on `diag`.
 */
export function installGlobals(globals: ProviderGlobals): void {
  state[stateKey] ??= {
    tracers: new ProxyTracerProvider(),
    loggers: new ProxyLoggerProvider(),
    current: undefined,
  };
  const proxies = state[stateKey];
  proxies.current = globals;
  proxies.tracers.setDelegate(globals.tracerProvider);
  proxies.loggers.setDelegate(globals.loggerProvider);
  setTracestateEntries(globals.tracestate);
  setGlobalMetricsClient(globals.metrics);
  if (registeredInApi('context') === undefined) context.setGlobalContextManager(globals.createContextManager());
  if (globals.tracerProvider !== undefined) registerTraces(proxies.tracers);
  if (globals.loggerProvider !== undefined) registerLogs(proxies.loggers);
}

/**
 * Removes a provider's registrations, unless a newer provider has replaced them. The context manager stays, since
 * running work depends on it.
 */
export function uninstallGlobals(globals: ProviderGlobals): void {
  const proxies = state[stateKey];
  if (proxies === undefined || proxies.current !== globals) return;
  proxies.current = undefined;
  proxies.tracers.setDelegate(undefined);
  proxies.loggers.setDelegate(undefined);
  if (globals.metrics !== undefined) setGlobalMetricsClient(undefined);
  if (globalTracerProvider() === proxies.tracers) {
    trace.disable();
    propagation.disable();
  }
  if (logs.getLoggerProvider() === proxies.loggers) logs.disable();
}

function registerTraces(tracers: ProxyTracerProvider): void {
  const present = globalTracerProvider();
  if (present === tracers) return;
  if (!trace.setGlobalTracerProvider(tracers)) {
    diag.warn(
      "codex-otel/provider: another tracer provider is registered for this process; only the provider's own tracer is used",
    );
    return;
  }
  if (propagation.fields().length === 0) propagation.setGlobalPropagator(new W3cPropagator());
}

function registerLogs(loggers: ProxyLoggerProvider): void {
  if (logs.getLoggerProvider() === loggers) return;
  if (!logs.setGlobalLoggerProvider(loggers)) {
    diag.warn(
      "codex-otel/provider: another logger provider is registered for this process; only the provider's own loggers are used",
    );
  }
}

/** The delegate of the API's proxy. */
function globalTracerProvider(): TracerProvider {
  const proxy: TracerProvider & { getDelegate?: () => TracerProvider } = trace.getTracerProvider();
  return proxy.getDelegate?.() ?? proxy;
}
