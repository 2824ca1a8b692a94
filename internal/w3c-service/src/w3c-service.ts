import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  contextFromW3cTraceContext,
  extractW3cTraceHeaders,
  injectSpanW3cTraceHeaders,
} from '@codex-otel/trace-context';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';

/** Level 2's flag for a trace id whose right half is random. */
const RANDOM_TRACE_ID = 0b10;

/** One call that the suite asks for: a POST of `arguments` to `url`. */
interface Call {
  readonly url: string;
  readonly arguments: unknown;
}

/**
 * The service that the W3C trace context validation suite drives: it gets a JSON list of calls and makes them,
 * one after another, each in a span of its own below the span of the request.
 *
 * @see https://github.com/w3c/trace-context/blob/main/test/README.md
 */
export function createW3cService(tracer: Tracer = new TracerProvider().getTracer('w3c-service')): Server {
  return createServer((request, response) => {
    answer(request, tracer).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      (error: unknown) => response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error)),
    );
  });
}

async function answer(request: IncomingMessage, tracer: Tracer): Promise<void> {
  // The raw list, since in `headers` Node has already joined repeated headers.
  const received = extractW3cTraceHeaders(request.rawHeaders);
  const parent: Context = (received && contextFromW3cTraceContext(received, ROOT_CONTEXT)) ?? ROOT_CONTEXT;
  const server = tracer.startSpan('request', { kind: SpanKind.SERVER }, parent);
  const isRandom = ((trace.getSpanContext(parent)?.traceFlags ?? 0) & RANDOM_TRACE_ID) !== 0;
  try {
    const body: unknown = JSON.parse(await text(request));
    for (const call of callsOf(body)) {
      const client = tracer.startSpan('call', { kind: SpanKind.CLIENT }, trace.setSpan(parent, server));
      await make(call, isRandom ? withRandomFlag(client) : client);
      client.end();
    }
  } finally {
    server.end();
  }
}

async function make(call: Call, span: Span): Promise<void> {
  const headers = new Headers({ 'content-type': 'application/json' });
  injectSpanW3cTraceHeaders(span, headers);
  const response = await fetch(call.url, { method: 'POST', headers, body: JSON.stringify(call.arguments) });
  await response.arrayBuffer();
}

/** The SDK's spans only have the sampled flag; level 2 requires that the random flag is passed on with the trace id. */
function withRandomFlag(span: Span): Span {
  const spanContext = span.spanContext();
  return trace.wrapSpanContext({ ...spanContext, traceFlags: spanContext.traceFlags | RANDOM_TRACE_ID });
}

function callsOf(body: unknown): readonly Call[] {
  if (!Array.isArray(body)) throw new TypeError('the body is not a list of calls');
  return body.map((call: Partial<Call> | null) => {
    if (typeof call?.url !== 'string') throw new TypeError('a call has no url');
    return { url: call.url, arguments: call.arguments ?? [] };
  });
}
