import type { TracestateEntries } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { setGlobalMetricsClient } from '@codex-otel/metrics';
import { setTracestateEntries, W3cPropagator } from '@codex-otel/trace-context';
import type { ContextManager, LoggerProvider, TracerProvider } from '@opentelemetry/api';
import { context, createContextKey, diag, logs, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { ProxyLoggerProvider } from '../logs/proxy-logger-provider.ts';
import { ProxyTracerProvider } from '../traces/proxy-tracer-provider.ts';

/** What a provider offers to the whole process. */
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
const probeKey = createContextKey('codex-otel.probe');

/**
 * Makes a provider the process's own, in place of the one before it. Tracers and loggers that libraries
 * hold already go on with the new one. What a host registered itself is left alone and said on `diag`.
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
  if (!hasContextManager()) context.setGlobalContextManager(globals.createContextManager());
  if (globals.tracerProvider !== undefined) registerTraces(proxies.tracers);
  if (globals.loggerProvider !== undefined) registerLogs(proxies.loggers);
}

/** Takes a provider's part of the process back, unless a newer one has its place. The context manager stays: work under way is inside it. */
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

/** The provider behind the API's proxy. */
function globalTracerProvider(): TracerProvider {
  const proxy: TracerProvider & { getDelegate?: () => TracerProvider } = trace.getTracerProvider();
  return proxy.getDelegate?.() ?? proxy;
}

function hasContextManager(): boolean {
  return context.with(ROOT_CONTEXT.setValue(probeKey, true), () => context.active().getValue(probeKey) === true);
}
