import type { SendResult } from './sender.ts';

/** The largest answer that is read. Not a round number, so that the library's words about it are told from a server's. */
export const GRPC_ANSWER_BYTES: number = 1024 * 1024 + 7;

/** OTLP's own list of codes after which the same batch may pass; RESOURCE_EXHAUSTED only where the server says when. */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15]);
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;
/** Answers of a proxy or web server about what was sent. */
const REFUSED_HTTP = new Set(['400', '413', '422']);

/** Whether the connection is of no more use after an answer like this. */
export function isConnectionFailure(code: number): boolean {
  return RETRYABLE.has(code);
}

/**
 * What a status means for the batch. Like the judgement over HTTP: the library gives a web page, a cut stream and a
 * server that is flooded the codes of an answer about the request, so that its words decide where the code cannot.
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
  // ENHANCE_YOUR_CALM, on a stream or for the whole connection.
  if (details.startsWith('Bandwidth exhausted')) return { kind: 'retryable', reason };
  if (isCut(details)) return { kind: 'retryable', reason, brokenOff: 'reset' };
  if (RETRYABLE.has(code)) return { kind: 'retryable', reason };
  const [, httpStatus] = /HTTP status code:? (\d{3})/.exec(details) ?? [];
  const isRefused =
    httpStatus === undefined ? code === INVALID_ARGUMENT || code === RESOURCE_EXHAUSTED : REFUSED_HTTP.has(httpStatus);
  return { kind: isRefused ? 'refused' : 'failed', reason };
}

/** A call that was under way and ended without a status. */
function isCut(details: string): boolean {
  if (details.startsWith('No connection established')) return false;
  return /^Received RST_STREAM|^Connection dropped|ECONNRESET|EPIPE/.test(details);
}
