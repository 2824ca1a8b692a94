import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { contextFromW3cTraceContext, extractW3cTraceHeaders } from '@codex-otel/trace-context';
import type { Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';

/** What the server answers with. */
export interface PageServerOptions {
  /** The page's script. */
  readonly script: string;
  readonly tracer: Tracer;
  /** The trace context in the page's `<meta>` elements, as in a server-side rendered page. */
  readonly tracestate?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** Serves the page, and continues the page's trace in its requests. */
export function createPageServer({ script, tracer, traceparent = '', tracestate = '' }: PageServerOptions): Server {
  const page = `<!doctype html>
<title>One trace, from the page into the server</title>
<link rel="icon" href="data:,">
<meta name="traceparent" content="${traceparent}">
<meta name="tracestate" content="${tracestate}">
<output></output>
<script type="module" src="/page.js"></script>
`;
  return createServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(page);
    else if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else if (request.url === '/api/turn') {
      const received = extractW3cTraceHeaders(request.rawHeaders);
      const parent = received && contextFromW3cTraceContext(received, ROOT_CONTEXT);
      const span = tracer.startSpan('turn', { kind: SpanKind.SERVER }, parent ?? ROOT_CONTEXT);
      const { traceId } = span.spanContext();
      span.end();
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ traceId }));
    } else response.writeHead(404).end();
  });
}
