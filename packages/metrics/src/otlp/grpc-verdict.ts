import type { SendResult } from './sender.ts';

/**
 * The largest answer that is read. Not a round number, so that the library's message about it is distinct from a
 * server's.
 */
export const GRPC_ANSWER_BYTES: number = 1024 * 1024 + 7;

/** OTLP's list of codes after which the same batch may pass; RESOURCE_EXHAUSTED only if the server says when. */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15]);
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;
const RESOURCE_EXHAUSTED = 8;
/** Answers of a proxy or web server that refuse the request's content. */
const REFUSED_HTTP = new Set([400, 413, 422]);
/** The proxy demands credentials. It is retried, as a proxy that refuses a tunnel is. */
const PROXY_REFUSES = 407;

/** Whether the connection is unusable after this code. */
export function isConnectionFailure(code: number): boolean {
  return RETRYABLE.has(code);
}

/** The status of an answer that is HTTP and not gRPC; `undefined` for one that is gRPC, or when none came. */
export function httpStatusOf(details: string): number | undefined {
  const [, status] = /HTTP status code:? (\d{3})/.exec(details) ?? [];
  return status === undefined ? undefined : Number(status);
}

/** Whether the server answered OK without a message. The library reports an error, but the batch has arrived. */
export function isBareOk(code: number, details: string): boolean {
  return code === UNIMPLEMENTED && details === 'No message received';
}

/**
 * What a status means for the batch. For a web page, a cut stream or an overloaded server the library gives the same
 * codes as for a refused request, so its message decides where the code cannot.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function grpcVerdict(
  code: number,
  details: string,
  reason: string,
  retryAfterMillis: number | undefined,
): Extract<SendResult, { readonly kind: 'retryable' | 'refused' | 'failed' }> {
  if (details.includes(`vs ${GRPC_ANSWER_BYTES})`)) {
    return { kind: 'retryable', reason: 'a web page answered, not a collector' };
  }
  if (retryAfterMillis !== undefined && (RETRYABLE.has(code) || code === RESOURCE_EXHAUSTED)) {
    return { kind: 'retryable', reason, retryAfterMillis };
  }
  // ENHANCE_YOUR_CALM, for a stream or the whole connection.
  if (details.startsWith('Bandwidth exhausted')) return { kind: 'retryable', reason };
  if (isCut(details)) return { kind: 'retryable', reason, brokenOff: 'reset' };
  if (RETRYABLE.has(code)) return { kind: 'retryable', reason };
  const httpStatus = httpStatusOf(details);
  if (httpStatus === PROXY_REFUSES) return { kind: 'retryable', reason };
  const isRefused =
    httpStatus === undefined ? code === INVALID_ARGUMENT || code === RESOURCE_EXHAUSTED : REFUSED_HTTP.has(httpStatus);
  return { kind: isRefused ? 'refused' : 'failed', reason };
}

/** Whether a call that was under way ended without a status. */
function isCut(details: string): boolean {
  if (details.startsWith('No connection established')) return false;
  return /^Received RST_STREAM|^Connection dropped|ECONNRESET|EPIPE/.test(details);
}
