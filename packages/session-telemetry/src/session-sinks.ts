import type { MetricsSink } from '@codex-otel/metrics';
import type { Logger, Tracer } from '@opentelemetry/api';
import { property } from './property.ts';

/** Where a session's telemetry goes. Without a sink, its part is not recorded. */
export interface SessionSinks {
  /** A logger whose scope is `OTEL_LOG_ONLY_TARGET`, e.g. a provider's `logger`. */
  readonly logger?: Logger | undefined;
  /** Makes loggers of other scopes, e.g. a provider's `loggerFor`. @defaultValue `logger` takes those records too */
  readonly loggerFor?: ((target: string) => Logger) | undefined;
  /** The metrics client. @defaultValue the process's global metrics client, if there is one */
  readonly metrics?: MetricsSink | undefined;
  /** Makes the spans of turns. @defaultValue the global tracer */
  readonly tracer?: Tracer | undefined;
}

/** Keeps the sinks that have the methods they need. */
export function readSinks(given: unknown): SessionSinks {
  const logger = property(given, 'logger');
  const loggerFor = property(given, 'loggerFor');
  const metrics = property(given, 'metrics');
  const tracer = property(given, 'tracer');
  return {
    logger: isLogger(logger) ? logger : undefined,
    loggerFor: typeof loggerFor === 'function' ? (target) => loggerFor.call(given, target) : undefined,
    metrics: isMetricsSink(metrics) ? metrics : undefined,
    tracer: isTracer(tracer) ? tracer : undefined,
  };
}

function isLogger(value: unknown): value is Logger {
  return typeof property(value, 'emit') === 'function';
}

function isMetricsSink(value: unknown): value is MetricsSink {
  return ['counter', 'histogram', 'recordDuration', 'startTimer'].every(
    (method) => typeof property(value, method) === 'function',
  );
}

function isTracer(value: unknown): value is Tracer {
  return typeof property(value, 'startSpan') === 'function';
}
