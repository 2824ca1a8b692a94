/** The ids of one span. */
export interface SpanIds {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all zero. */
  readonly spanId: string;
}

/** A random trace id. */
export function randomTraceId(): string {
  return nonZero(hex32() + hex32() + hex32() + hex32());
}

/** A random span id. */
export function randomSpanId(): string {
  return nonZero(hex32() + hex32());
}

/** Ids need to differ, not to be secret, so the fast generator does, as in OpenTelemetry's SDK. */
function hex32(): string {
  return Math.trunc(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

function nonZero(id: string): string {
  return /[1-9a-f]/.test(id) ? id : `${id.slice(0, -1)}1`;
}
