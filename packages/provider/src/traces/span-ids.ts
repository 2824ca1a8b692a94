/** The ids of one span. */
export interface SpanIds {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all zero. */
  readonly spanId: string;
}

/** Reused for each id. */
const bytes = Buffer.alloc(16);
const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 4);

/** A random trace id. */
export function randomTraceId(): string {
  return randomHex(4);
}

/** A random span id. */
export function randomSpanId(): string {
  return randomHex(2);
}

/**
 * Ids must differ but are not secret, so the fast generator is used, as in OpenTelemetry's SDK. Converting bytes takes
 * a tenth of the time of `Number.prototype.toString(16)`.
 */
function randomHex(wordCount: number): string {
  for (let index = 0; index < wordCount; index += 1) words[index] = Math.random() * 2 ** 32;
  if (words[0] === 0 && words[1] === 0) words[0] = 1;
  return bytes.toString('hex', 0, wordCount * 4);
}
