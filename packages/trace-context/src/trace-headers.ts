import type { Span } from '@opentelemetry/api';
import { spanW3cTraceContext } from './span-trace-context.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import { checkedTraceContext, normalTracestate, type W3cTraceContext } from './w3c-trace-context.ts';

const TRACE_HEADER = /^trace(parent|state)$/i;

/** `Headers` of whichever `fetch`, or a `Map` of names to values. */
export interface HeaderMap {
  forEach(visit: (value: string, name: string) => void): void;
  set(name: string, value: string): unknown;
  delete(name: string): unknown;
}

/** Headers as a plain object, such as Node's `IncomingHttpHeaders` and `OutgoingHttpHeaders`. */
export type HeaderRecord = Record<string, number | string | readonly string[] | undefined>;

/**
 * Writes a span's trace context into headers, with configured tracestate merged in.
 *
 * Values that are there already are replaced, whatever the letter case of their names; a `tracestate` that is
 * there is removed when the span has none.
 *
 * @returns whether it was done: `false`, and the headers untouched, when the span has no valid span context, or
 * when the headers are immutable.
 */
export function injectSpanW3cTraceHeaders(span: Span, headers: HeaderMap | HeaderRecord): boolean {
  const trace = spanW3cTraceContext(span);
  if (!trace) return false;
  try {
    eachHeader(headers, (_value, name) => {
      if (!TRACE_HEADER.test(name)) return;
      if (isHeaderMap(headers)) headers.delete(name);
      else delete headers[name];
    });
    for (const [name, value] of Object.entries(trace)) {
      if (isHeaderMap(headers)) headers.set(name, value);
      else headers[name] = value;
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads the trace context that came with headers.
 *
 * @param headers - names in any letter case; or a raw list as Node's `rawHeaders`: name, value, name, value.
 * Several `tracestate` headers are put together in their order.
 * @returns what is valid, in its normal form; `undefined` when there is no `traceparent`, more than one, or one
 * that is not valid. A `tracestate` that is not valid is left out as a whole.
 */
export function extractW3cTraceHeaders(
  headers: HeaderMap | HeaderRecord | readonly string[],
): W3cTraceContext | undefined {
  const traceparents: string[] = [];
  const tracestates: string[] = [];
  eachHeader(headers, (value, name) => {
    const kind = TRACE_HEADER.exec(name)?.[1];
    if (kind) for (const one of [value].flat()) (kind.length > 5 ? traceparents : tracestates).push(String(one));
  });
  const [traceparent = '', another] = traceparents;
  const parsed = another === undefined && parseTraceparent(traceparent);
  return parsed ? checkedTraceContext(formatTraceparent(parsed), normalTracestate(tracestates.join())) : undefined;
}

function eachHeader(
  headers: HeaderMap | HeaderRecord | readonly string[],
  visit: (value: HeaderRecord[string], name: string) => void,
): void {
  if (Array.isArray(headers)) for (let at = 0; at < headers.length; at += 2) visit(headers[at + 1], headers[at]);
  else if (isHeaderMap(headers)) headers.forEach(visit);
  else for (const [name, value] of Object.entries(headers)) visit(value, name);
}

function isHeaderMap(headers: object): headers is HeaderMap {
  return 'forEach' in headers && typeof headers.forEach === 'function';
}
