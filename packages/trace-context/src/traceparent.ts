import { matches } from './capped-match.ts';

/**
 * The four fields that every version begins with; no id is all zeros. Version ff is invalid; in version 00 nothing
 * follows. Later versions may add fields, but a comma means that two headers were joined.
 *
 * The digits of the ids are written out one by one, and the usual ending comes first: engines run this several times
 * faster than a class repeated 32 times.
 */
const TRACEPARENT =
  /^[\t ]*(?!ff)[\da-f]{2}-(?!0+-)(?:[\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f]){2}-(?!0+-)[\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f]-[\da-f]{2}([\t ]*|(?<!00.{53})-[^,]*)$/;

/** The fields of a `traceparent` header; may be used as an OpenTelemetry `SpanContext`. */
export interface ParsedTraceparent {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the sender's span. */
  readonly spanId: string;
  /** Bit 0: sampled; bit 1: the trace id is random (level 2). Other bits are dropped. */
  readonly traceFlags: number;
}

/**
 * Reads a W3C `traceparent` header.
 *
 * A version above `00` may have further fields, which are ignored; version `ff` is refused. Anything malformed gives
 * `undefined`, never an error: the header comes from a peer, and a bad one must not fail the caller.
 *
 * @param header - `version-traceid-parentid-flags`, lower-case hexadecimal; white space around it is ignored.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(header: string | null | undefined): ParsedTraceparent | undefined {
  if (!matches(TRACEPARENT, header)) return undefined;
  header = header.trim();
  // Modulo 39, the codes of the hexadecimal digits are consecutive from 9 on.
  return {
    traceId: header.slice(3, 35),
    spanId: header.slice(36, 52),
    traceFlags: ((header.charCodeAt(54) % 39) - 9) & 3,
  };
}

/**
 * Writes a W3C `traceparent` header of version `00`.
 *
 * @returns the header, or an empty string when an id is invalid, so that a peer never reads something else from it.
 */
export function formatTraceparent(parsed: ParsedTraceparent): string {
  const header = `00-${parsed.traceId}-${parsed.spanId}-0${parsed.traceFlags & 3}`;
  return TRACEPARENT.test(header) ? header : '';
}
