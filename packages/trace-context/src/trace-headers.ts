import type { Span } from '@opentelemetry/api';
import { spanW3cTraceContext } from './span-trace-context.ts';
import { parseTraceparent } from './traceparent.ts';
import { normalTracestate } from './tracestate-list.ts';
import type { ValidW3cTraceContext } from './w3c-trace-context.ts';
import { writtenTraceContext } from './w3c-trace-context.ts';

/** The names of the two headers and, in upper case, of the two environment variables. */
const TRACE_NAME = /^trace(parent|state)$/i;

/** `Headers` of any `fetch`, or a `Map` of names to values. */
export interface HeaderMap extends Iterable<[string, string]> {
  /** Replaces all values of a name by one. */
  set(name: string, value: string): unknown;
  /** Removes all values of a name. */
  delete(name: string): unknown;
}

/** Headers as a plain object, such as Node's `IncomingHttpHeaders` and `OutgoingHttpHeaders`. */
export type HeaderRecord = Record<string, HeaderValue>;

/** The value of one header, or of several with the same name. */
export type HeaderValue = number | string | readonly string[] | undefined;

/**
 * Writes a span's trace context into headers, with configured tracestate merged in.
 *
 * Existing values are replaced, whatever the letter case of their names; an existing `tracestate` is removed when the
 * span has none.
 *
 * @returns `true` if the headers were written; `false`, with the headers unchanged, when the span has no valid span context
 * or the headers are immutable.
 */
export function injectSpanW3cTraceHeaders(span: Span, headers: HeaderMap | HeaderRecord): boolean {
  const trace = spanW3cTraceContext(span);
  return !!trace && replaceTraceContext(headers, trace);
}

/**
 * Reads the trace context that came with headers.
 *
 * @param headers - names in any letter case, or a raw list like Node's `rawHeaders`: name, value, name, value.
 * Several `tracestate` headers are joined in order.
 * @returns the normalized trace context; `undefined` when `traceparent` is missing, repeated or invalid. An invalid
 * `tracestate` is left out as a whole.
 */
export function extractW3cTraceHeaders(
  headers: HeaderMap | HeaderRecord | readonly string[] | null | undefined,
): ValidW3cTraceContext | undefined {
  try {
    // Names at even indexes, values at odd ones. The cast: if it is not an array it is one of the other types.
    const list: readonly HeaderValue[] = Array.isArray(headers) ? headers : entriesOf(headers as HeaderMap).flat();
    // Joined by commas, several traceparents are invalid.
    const all = (wanted: string): string =>
      list.filter((_value, at) => at % 2 && `${list[at - 1]}`.toLowerCase() === wanted).join();
    return writtenTraceContext(parseTraceparent(all('traceparent')), normalTracestate(all('tracestate')));
  } catch {
    // No headers, or headers from JSON with a value that cannot become a string: `{ toString: 1 }`.
  }
  return undefined;
}

/** Replaces all existing values under its names, in any letter case, with those of `trace`. */
export function replaceTraceContext(headers: HeaderMap | HeaderRecord, trace: object): boolean {
  const isMap = isHeaderMap(headers);
  try {
    for (const [name] of entriesOf(headers)) {
      if (!TRACE_NAME.test(name)) continue;
      if (isMap) headers.delete(name);
      else delete headers[name];
    }
    for (const [name, value] of Object.entries(trace)) {
      if (isMap) headers.set(name, value);
      else headers[name] = value;
    }
    return true;
  } catch {
    return false;
  }
}

function entriesOf(headers: HeaderMap | HeaderRecord): [string, HeaderValue][] {
  return isHeaderMap(headers) ? [...headers] : Object.entries(headers);
}

function isHeaderMap(headers: HeaderMap | HeaderRecord): headers is HeaderMap {
  return typeof headers.set === 'function';
}
