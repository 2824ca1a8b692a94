import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import { formatTracestate, parseTracestate } from './tracestate-members.ts';

/** A place in a trace, as it travels between processes: the values of the two W3C headers. */
export interface W3cTraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A {@link W3cTraceContext} that was checked. */
export interface ValidW3cTraceContext extends W3cTraceContext {
  readonly traceparent: string;
}

/**
 * Makes the trace context of a new span, without OpenTelemetry.
 *
 * A child of `parent` keeps its trace id, flags and tracestate. Without a parent, or with one that is not valid,
 * a new trace starts: sampled, with a random trace id and flagged so.
 */
export function createW3cTraceContext(parent?: W3cTraceContext): ValidW3cTraceContext {
  const parsed = parseTraceparent(parent?.traceparent ?? '');
  return checkedTraceContext(
    formatTraceparent({ traceFlags: 3, traceId: randomHex(16), ...parsed, spanId: randomHex(8) }),
    parsed ? normalTracestate(parent?.tracestate) : '',
  );
}

/** The same list without white space and empty members; empty when it is not valid. */
export function normalTracestate(list = ''): string {
  const members = parseTracestate(list);
  return members ? formatTracestate(members) : '';
}

/** Puts the two values together; an empty tracestate is none. */
export function checkedTraceContext(traceparent: string, tracestate: string): ValidW3cTraceContext {
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** Random bytes in hexadecimal; the first is not zero, since ids of zeros alone mean "no id". */
function randomHex(bytes: number): string {
  // Not randomUUID: pages that are not served over TLS have getRandomValues only.
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte, index) =>
    (byte || Number(index === 0)).toString(16).padStart(2, '0'),
  ).join('');
}
