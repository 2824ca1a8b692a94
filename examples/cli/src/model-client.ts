import { setTimeout as wait } from 'node:timers/promises';
import type { SessionTelemetry, SessionTurn } from '@codex-otel/session-telemetry';
import { spanAttributes } from '@codex-otel/token-usage';
import { injectSpanW3cTraceHeaders } from '@codex-otel/trace-context';
import type { Tracer } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import { streamRequestAttributes, streamRequestSpan } from './stream-request-span.ts';

/** One item of a request's input or of a response's output. */
export interface ModelItem {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The part of a session that requests use. */
export interface ModelClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly telemetry: SessionTelemetry;
  readonly tracer: Tracer;
}

/** Sends a request within a turn; resolves once an answer streams. */
export type ModelClient = (turn: SessionTurn, body: ModelRequestBody) => Promise<StreamingAnswer>;

/** A streamed answer, and when it was requested. */
export interface StreamingAnswer {
  readonly response: Response;
  /** By `performance.now`. */
  readonly requestedAt: number;
}

/** What the model gets. */
export interface ModelRequestBody {
  readonly model: string;
  readonly instructions: string;
  readonly input: readonly ModelItem[];
  readonly reasoning: { readonly effort: string; readonly summary: string };
  readonly tools: readonly object[];
}

const MAX_ATTEMPTS = 4;
const FIRST_BACKOFF_MILLIS = 200;

/** A client of the Responses API that retries temporary failures and records each attempt. */
export function createModelClient({ baseUrl, apiKey, telemetry, tracer }: ModelClientOptions): ModelClient {
  return async (turn, body) => {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await send(turn, body, attempt);
      if (outcome.kind === 'answered') return outcome;
      if (!outcome.retry || attempt + 1 === MAX_ATTEMPTS) throw outcome.error;
      await wait(outcome.retryAfterMillis ?? FIRST_BACKOFF_MILLIS * 2 ** attempt);
    }
  };

  async function send(
    turn: SessionTurn,
    body: ModelRequestBody,
    attempt: number,
  ): Promise<Outcome & { readonly requestedAt: number }> {
    const attributes = spanAttributes(streamRequestAttributes, { attempt });
    const span = tracer.startSpan(streamRequestSpan.name, { attributes }, turn.context);
    const headers = new Headers({ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' });
    injectSpanW3cTraceHeaders(span, headers);
    const requestedAt = performance.now();
    const outcome = await post(`${baseUrl}/responses`, headers, { ...body, stream: true, store: false });
    const failed = outcome.kind === 'failed';
    span.setAttributes(spanAttributes(streamRequestAttributes, { 'http.response.status_code': outcome.status }));
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    telemetry.recordApiRequest(
      {
        endpoint: '/responses',
        attempt,
        durationMillis: performance.now() - requestedAt,
        httpResponseStatusCode: outcome.status,
        error: failed ? outcome.error : undefined,
        authHeaderAttached: true,
        authHeaderName: 'authorization',
        authRetryAfterUnauthorized: false,
      },
      turn.context,
    );
    return { ...outcome, requestedAt };
  }
}

type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly response: Response }
  | {
      readonly kind: 'failed';
      readonly status: number | undefined;
      readonly error: unknown;
      readonly retry: boolean;
      readonly retryAfterMillis: number | undefined;
    };

async function post(url: string, headers: Headers, body: object): Promise<Outcome> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch (error) {
    return { kind: 'failed', status: undefined, error, retry: true, retryAfterMillis: undefined };
  }
  const { status } = response;
  if (response.ok) return { kind: 'answered', status, response };
  const retryAfter = response.headers.get('retry-after-ms');
  return {
    kind: 'failed',
    status,
    error: new Error(`the model answered ${status}: ${await response.text()}`),
    retry: status === 429 || status >= 500,
    retryAfterMillis: retryAfter === null ? undefined : Number(retryAfter),
  };
}
