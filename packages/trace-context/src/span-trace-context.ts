import type { Context, Span, TraceState } from '@opentelemetry/api';
import { context, trace } from './api.ts';
import { processState } from './process-state.ts';
import { traceStateOf } from './trace-state.ts';
import { parseTraceparent } from './traceparent.ts';
import { normalTracestate } from './tracestate-list.ts';
import type { ValidW3cTraceContext, W3cTraceContext } from './w3c-trace-context.ts';
import { writtenTraceContext } from './w3c-trace-context.ts';

/**
 * The trace context of the active span, with configured tracestate merged in.
 *
 * @returns `undefined` when there is no active span, or it has no valid span context.
 */
export function currentSpanW3cTraceContext(): ValidW3cTraceContext | undefined {
  return spanW3cTraceContext(trace.getActiveSpan());
}

/**
 * The trace context of a span, with configured tracestate merged in.
 *
 * @returns `undefined` when there is no span, or it has no valid span context.
 */
export function spanW3cTraceContext(span: Span | undefined): ValidW3cTraceContext | undefined {
  const spanContext = span?.spanContext();
  // Another library's state may break the recommendation.
  const list = normalTracestate(spanContext?.traceState?.serialize());
  return writtenTraceContext(spanContext, processState().merge?.(list) ?? list);
}

/** The trace id of the active span: 32 lower-case hexadecimal digits; `undefined` when there is none. */
export function currentSpanTraceId(): string | undefined {
  return currentSpanW3cTraceContext()?.traceparent.slice(3, 35);
}

/**
 * A context whose active span is the one that sent `remote`.
 *
 * @param remote - as received; invalid tracestate is left out as a whole.
 * @param base - the context to extend. Defaults to the active context.
 * @returns `undefined` when `traceparent` is missing or not valid.
 */
export function contextFromW3cTraceContext(
  remote: W3cTraceContext | null | undefined,
  base: Context = context.active(),
): Context | undefined {
  const parsed = parseTraceparent(remote?.traceparent);
  const list = normalTracestate(remote?.tracestate);
  return (
    parsed &&
    trace.setSpanContext(base, {
      ...parsed,
      isRemote: true,
      // The cast: the API's type has no undefined there, only the field's absence.
      traceState: (list ? traceStateOf(list) : undefined) as TraceState,
    })
  );
}

/**
 * Runs `fn` with the span that sent `remote` as the active one: spans started inside are its children.
 *
 * @param fn - gets `false`, and runs in the unchanged active context, when `remote` is invalid.
 * @returns what `fn` returns.
 */
export function withParentFromW3cTraceContext<T>(
  remote: W3cTraceContext | null | undefined,
  fn: (parented: boolean) => T,
): T {
  const parent = contextFromW3cTraceContext(remote);
  return context.with(parent ?? context.active(), fn, undefined, !!parent);
}
