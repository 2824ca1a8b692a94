import { matches } from './capped-match.ts';
import type { ParsedTraceparent } from './traceparent.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import { TRACESTATE } from './tracestate-list.ts';

/** A place in a trace, as it travels between processes: the values of the two W3C headers. */
export interface W3cTraceContext {
  /** `version-traceid-parentid-flags` in lower-case hexadecimal. Absent if there is no trace. */
  readonly traceparent?: string | undefined;
  /** Entries of tracing systems, `key=value`, separated by commas. Absent if there are none. */
  readonly tracestate?: string | undefined;
}

/** A {@link W3cTraceContext} that is valid. */
export interface ValidW3cTraceContext extends W3cTraceContext {
  /** `00-traceid-parentid-flags` in lower-case hexadecimal. */
  readonly traceparent: string;
  /** A valid list of entries. Absent if there are none. */
  readonly tracestate?: string;
}

/**
 * Creates the trace context of a new span, without OpenTelemetry.
 *
 * A child of `parentContext` keeps its trace id, flags and tracestate. Without a valid one a new trace starts:
 * sampled, with a random trace id and the random flag set.
 */
export function createW3cTraceContext(parentContext?: W3cTraceContext | null): ValidW3cTraceContext {
  const parent = parseTraceparent(parentContext?.traceparent);
  return {
    traceparent: formatTraceparent({ traceId: randomId() + randomId(), traceFlags: 3, ...parent, spanId: randomId() }),
    ...(parent && matches(TRACESTATE, parentContext?.tracestate) && { tracestate: parentContext.tracestate }),
  };
}

/** Both values together; `undefined` when there is no valid `parsed`. */
export function writtenTraceContext(
  parsed: ParsedTraceparent | undefined,
  tracestate: string,
): ValidW3cTraceContext | undefined {
  const traceparent = parsed && formatTraceparent(parsed);
  if (!traceparent) return undefined;
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** 16 random hexadecimal digits. Not from randomUUID, which is missing in pages served without TLS. */
function randomId(): string {
  // The cast: one was requested, so there is one.
  const id = crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
  return id.toString(16).padStart(16, '0');
}
