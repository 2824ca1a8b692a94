/** Flags that this library knows and passes on: sampled, and level 2's random trace id. */
const KNOWN_FLAGS = 3;

/** Future versions may be longer than version 00's 55 characters, but not without end. */
const MAX_LENGTH = 4096;

/** The four fields that every version begins with; what follows them is white space or, after a
 * dash, unknown; a comma would be where two headers were joined. */
const TRACEPARENT =
  /^[\t ]*(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-[^,]*|[\t ]*)$/;

/** The fields of a `traceparent` header; may be used as an OpenTelemetry `SpanContext`. */
export interface ParsedTraceparent {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the sender's span. */
  readonly spanId: string;
  /** Bit 0: sampled; bit 1: the trace id is random (level 2). Other bits are not kept. */
  readonly traceFlags: number;
}

/**
 * Reads a W3C `traceparent` header.
 *
 * A version above `00` may carry further fields, which are ignored; version `ff` is refused. Anything
 * malformed gives `undefined`, never an error: the header comes from a peer, and a bad one must not fail
 * the caller.
 *
 * @param header - `version-traceid-parentid-flags`, lower-case hexadecimal; white space around it is ignored.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(header: string): ParsedTraceparent | undefined {
  // Callers pass on what JSON gave them, so the type is not to be relied on.
  const match = typeof header === 'string' && header.length < MAX_LENGTH && TRACEPARENT.exec(header);
  if (!match) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', end] = match;
  if (version === '00' && end?.startsWith('-')) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

/**
 * Writes a W3C `traceparent` header of version `00`.
 *
 * @returns the header, or an empty string when an id is not valid: what is given here can never become a
 * header that a peer reads as something else.
 */
export function formatTraceparent(parsed: ParsedTraceparent): string {
  const header = `00-${parsed.traceId}-${parsed.spanId}-0${parsed.traceFlags & KNOWN_FLAGS}`;
  return parseTraceparent(header) ? header : '';
}
