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
  readonly TRACEPARENT?: string;
  readonly TRACESTATE?: string;
}

/** Where a process exports to and with which keys: of its own configuration, not of its children's. */
const EXPORT_VARIABLE = /^OTEL_.*(EXPORTER|HEADERS|FILE)/i;

/**
 * A context whose active span is the one that started this process, as `TRACEPARENT` and `TRACESTATE` say.
 *
 * A `TRACEPARENT` that is not valid is reported through `diag` and ignored.
 *
 * @param env - the process's own environment when absent, which is read once: later changes of it are not seen.
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
 * @param span - the active one when absent.
 * @returns an empty object when the span has no valid span context.
 */
export function traceContextToEnv(span?: Span): TraceEnv {
  const carried = spanW3cTraceContext(span ?? trace.getActiveSpan());
  if (!carried) return {};
  return { TRACEPARENT: carried.traceparent, ...(carried.tracestate && { TRACESTATE: carried.tracestate }) };
}

/**
 * The environment for a child process: the span's trace context goes in; what says where and with which keys
 * its parent exports stays out, so that a child neither exports into its parent's collector by accident nor sees
 * the keys. Variables that turn an exporter off (`none`) stay.
 *
 * @param env - the environment to start from, usually `process.env`; it is not changed.
 * @param span - the active one when absent. Without a valid one the trace context in `env` stays as it is.
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
