import { type Context, context, type Span, type SpanContext, trace } from '@opentelemetry/api';
import { outgoingTracestate } from './outgoing-tracestate.ts';
import { W3cTraceState } from './trace-state.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import { parseTracestate } from './tracestate-members.ts';
import { checkedTraceContext, type W3cTraceContext } from './w3c-trace-context.ts';

/**
 * The trace context of the active span, with configured tracestate merged in.
 *
 * @returns `undefined` when there is no active span, or it has no valid span context.
 */
export function currentSpanW3cTraceContext(): W3cTraceContext | undefined {
  const span = trace.getActiveSpan();
  return span && spanW3cTraceContext(span);
}

/**
 * The trace context of a span, with configured tracestate merged in.
 *
 * @returns `undefined` when the span has no valid span context.
 */
export function spanW3cTraceContext(span: Span): W3cTraceContext | undefined {
  return spanContextW3cTraceContext(span.spanContext());
}

/** The trace id of the active span: 32 lower-case hexadecimal digits; `undefined` when there is none. */
export function currentSpanTraceId(): string | undefined {
  return currentSpanW3cTraceContext()?.traceparent?.slice(3, 35);
}

/**
 * A context whose active span is the remote one that sent `trace`.
 *
 * @param trace - as received; tracestate that is not valid is left out as a whole.
 * @param base - what the context is made from. The active context when absent.
 * @returns `undefined` when `traceparent` is missing or not valid.
 */
export function contextFromW3cTraceContext(
  { traceparent = '', tracestate = '' }: W3cTraceContext,
  base?: Context,
): Context | undefined {
  const parsed = parseTraceparent(traceparent);
  if (!parsed) return undefined;
  const members = parseTracestate(tracestate);
  const remote: SpanContext = { ...parsed, isRemote: true };
  if (members?.size) remote.traceState = new W3cTraceState(members);
  return trace.setSpanContext(base ?? context.active(), remote);
}

/**
 * Runs `fn` with the remote span that sent `trace` as the active one: spans started inside are its children.
 *
 * @param fn - gets `false`, and runs in the active context as it is, when `trace` is not valid.
 * @returns what `fn` returns.
 */
export function withParentFromW3cTraceContext<T>(trace: W3cTraceContext, fn: (parented: boolean) => T): T {
  const parent = contextFromW3cTraceContext(trace);
  return parent ? context.with(parent, fn, undefined, true) : fn(false);
}

/** What a span context looks like to other processes; `undefined` when it is not valid. */
export function spanContextW3cTraceContext(spanContext: SpanContext): W3cTraceContext | undefined {
  const traceparent = formatTraceparent(spanContext);
  return traceparent ? checkedTraceContext(traceparent, outgoingTracestate(spanContext.traceState)) : undefined;
}
