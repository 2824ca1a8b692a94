import type { Context, Span } from '@opentelemetry/api';
import { trace } from './api.ts';
import { processState } from './process-state.ts';
import { contextFromW3cTraceContext, spanW3cTraceContext } from './span-trace-context.ts';
import { replaceTraceContext } from './trace-headers.ts';
import { parseTraceparent } from './traceparent.ts';
import type { W3cTraceContext } from './w3c-trace-context.ts';
import { warn } from './warning.ts';

/** Environment variables of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The environment variables that carry a trace context. */
export interface TraceEnv {
  /** The W3C `traceparent`. Absent if there is no valid trace context. */
  readonly TRACEPARENT?: string;
  /** The W3C `tracestate`. Absent if it is empty. */
  readonly TRACESTATE?: string;
}

/** Variables with the exporter's endpoints and keys, which are not for child processes. */
const EXPORT_VARIABLE = /^OTEL_.*(EXPORTER|HEADERS|FILE)/i;

/**
 * A context whose active span is the one that started this process, from `TRACEPARENT` and `TRACESTATE`.
 *
 * An invalid `TRACEPARENT` is reported on `diag` and ignored.
 *
 * @param env - defaults to the process's own environment, which is read once: later changes are not seen.
 * @returns `undefined` when there is no valid `TRACEPARENT`.
 */
export function traceparentContextFromEnv(env?: Env): Context | undefined {
  const state = env ? {} : processState();
  state.environment ??= traceContextFromEnv(env ?? (globalThis as { process?: { env?: Env } }).process?.env ?? {});
  return contextFromW3cTraceContext(state.environment);
}

/**
 * A span's trace context as environment variables, with configured tracestate merged in.
 *
 * @param span - defaults to the active span.
 * @returns an empty object when the span has no valid span context.
 */
export function traceContextToEnv(span?: Span): TraceEnv {
  const carried = spanW3cTraceContext(span ?? trace.getActiveSpan());
  if (!carried) return {};
  return { TRACEPARENT: carried.traceparent, ...(carried.tracestate && { TRACESTATE: carried.tracestate }) };
}

/**
 * The environment for a child process: the span's trace context is added; the parent's exporter endpoints and keys
 * are removed, so that a child neither exports to its parent's collector by accident nor sees the keys. Variables
 * that turn an exporter off (`none`) stay.
 *
 * @param env - the environment to start from, usually `process.env`; it is not changed.
 * @param span - defaults to the active span. Without a valid one the trace context in `env` stays as it is.
 */
export function childProcessEnv(env: Env, span?: Span): Record<string, string | undefined> {
  const child = { ...env };
  for (const name of Object.keys(child)) if (EXPORT_VARIABLE.test(name) && child[name] !== 'none') delete child[name];
  const carried = traceContextToEnv(span);
  if (carried.TRACEPARENT) replaceTraceContext(child, carried);
  return child;
}

function traceContextFromEnv({ TRACEPARENT, TRACESTATE }: Env): W3cTraceContext {
  if (TRACEPARENT && !parseTraceparent(TRACEPARENT)) warn('invalid TRACEPARENT');
  return { traceparent: TRACEPARENT, tracestate: TRACESTATE };
}
